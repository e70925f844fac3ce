namespace Synod.TestKit;

/// <summary>The operation that puts a value in, the one that takes it out, -1 if that is not known,
/// and how many others come before it at least and at most.</summary>
internal readonly record struct QueuePlace(int Put, int Take, long Least, long Most);
