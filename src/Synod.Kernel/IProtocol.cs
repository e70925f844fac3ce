namespace Synod.Kernel;

/// <summary>A protocol by name, with its options: makes kernels. Immutable, hence safe for use from
/// several threads.</summary>
public interface IProtocol
{
    /// <summary>The name in descriptors and on the command line, as in <c>raft</c>.</summary>
    string Name { get; }

    /// <summary>Whether commands are put in an order in which every member runs them. If not, one
    /// member runs a command within the round that decides about its key, and the others learn the
    /// state that came of it: Evaluate, Learned and Done take the place of Deliver. Default
    /// true.</summary>
    bool IsOrdered => true;

    /// <summary>Whether only commands that conflict are ordered, so that what a command costs hangs
    /// on how many others it meets. Default false.</summary>
    bool OrdersByConflict => false;

    /// <summary>What the knobs are that a sweep over many seeds should have tried in every setting,
    /// in words, as in <c>thrifty</c>. By default none.</summary>
    IReadOnlyList<string> Settings => [];

    /// <summary>A kernel at the begin of a life.</summary>
    IKernel Create(KernelStart start);

    /// <summary>The same protocol with other knobs, as far as a group may have them without
    /// breaking a promise: for a simulator, so that what is rare with the usual knobs is frequent
    /// in some of its runs. By default the protocol itself.</summary>
    /// <param name="random">Where they are drawn from: equal sources, equal knobs.</param>
    IProtocol Vary(SeededRandom random) => this;

    /// <summary>An audit that watches all members of an epoch from its first record on.</summary>
    IProtocolAudit Audit(EpochDescriptor epoch);
}
