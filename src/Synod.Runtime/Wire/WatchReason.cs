namespace Synod.Runtime;

/// <summary>Why somebody who watches is told something.</summary>
public enum WatchReason : byte
{
    /// <summary>The watch has begun here.</summary>
    Began = 1,

    /// <summary>The state of the key is another.</summary>
    DataChanged = 2,
}
