namespace Synod.Simulation;

/// <summary>What came out of a run.</summary>
public enum Verdict
{
    /// <summary>Much was done, things went wrong, and every promise was kept.</summary>
    Passed,

    /// <summary>A promise was not kept.</summary>
    Violated,

    /// <summary>Too little was done, or nothing went wrong although it should have: the run says
    /// nothing.</summary>
    Void,
}
