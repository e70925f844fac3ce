namespace Synod.Runtime;

/// <summary>For how long a key is watched.</summary>
public enum WatchMode : byte
{
    /// <summary>Until somebody ends it: the state of now first, then each change.</summary>
    Persistent = 1,
}
