namespace Synod.Storage;

/// <summary>Which log a data directory has. Another one would begin empty under the old name, and
/// the node would have forgotten what it has promised.</summary>
public enum LogKind
{
    /// <summary>None was opened yet.</summary>
    None,

    /// <summary>The one that is shipped: <see cref="FileLog"/>.</summary>
    Files,

    /// <summary>One of the user's own.</summary>
    Own,
}
