namespace Synod.Register;

/// <summary>How far the proposer of a key has come.</summary>
internal enum RegisterStage
{
    /// <summary>It waits before it tries again.</summary>
    Resting,

    /// <summary>Phase 1: it asks for promises.</summary>
    Preparing,

    /// <summary>The commands of the ballot are run.</summary>
    Evaluating,

    /// <summary>Phase 2: it asks for acceptance.</summary>
    Accepting,
}
