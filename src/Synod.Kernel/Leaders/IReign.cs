namespace Synod.Kernel;

/// <summary>A logical time in which at most one member leads: a term of Raft, a ballot of
/// Paxos.</summary>
public interface IReign
{
    /// <summary>Where it is in the order of all; what comes later has a higher one.</summary>
    long Number { get; }
}
