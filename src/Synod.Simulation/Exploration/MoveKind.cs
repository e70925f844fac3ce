namespace Synod.Simulation;

/// <summary>What a search can do to a group.</summary>
internal enum MoveKind : byte
{
    Deliver,
    Copy,
    Persist,
    Wake,
    Propose,
    Read,
    Crash,
}
