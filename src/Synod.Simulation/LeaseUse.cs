namespace Synod.Simulation;

/// <summary>In which runs leaders have leases.</summary>
public enum LeaseUse
{
    /// <summary>In about a third of them, by seed.</summary>
    Sometimes,

    /// <summary>In none.</summary>
    Never,

    /// <summary>In all.</summary>
    Always,
}
