namespace Synod.TestKit;

/// <summary>What a case has found.</summary>
public enum LogCaseOutcome
{
    /// <summary>The log keeps the promise.</summary>
    Kept,

    /// <summary>The storage lacks what the case needs, so nobody knows.</summary>
    Skipped,

    /// <summary>It does not.</summary>
    Broken,
}
