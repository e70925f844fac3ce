namespace Synod.Kernel;

/// <summary>How full the disk is (safety §7).</summary>
public enum StoragePressure
{
    /// <summary>There is room.</summary>
    None,

    /// <summary>The reserve is begun: no new commands; votes, terms and recovery go on.</summary>
    High,

    /// <summary>The reserve is nearly used: no entries of others either, but the
    /// small ones by which a new leader begins, so that reads go on.</summary>
    Full,
}
