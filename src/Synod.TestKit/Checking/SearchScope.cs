namespace Synod.TestKit;

/// <summary>Which part of a history a search looks at.</summary>
/// <param name="IsFromInitial">Whether it starts from the first state, so that what an answer shows
/// must be due to one of the operations.</param>
/// <param name="Until">Its goal: all that return before this have happened; null for all that
/// must.</param>
internal readonly record struct SearchScope(bool IsFromInitial, long? Until = null);
