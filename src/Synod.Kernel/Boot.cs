namespace Synod.Kernel;

/// <summary>Counts the process starts of a data directory, durably, from 1. A peer that shows a
/// lower one than before has had its disk rolled back (safety §5.9).</summary>
public readonly record struct Boot(ulong Number)
{
    /// <summary>As in <c>boot 4</c>.</summary>
    public override string ToString() => $"boot {Number}";
}
