using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>How many members of a group a node hears, itself included.</summary>
/// <param name="Heard">The members that are connected and not silent.</param>
/// <param name="Members">All members: the size of the cluster, for a group on all nodes.</param>
public readonly record struct QuorumStatus(int Heard, int Members)
{
    /// <summary>Whether they are a majority. That is what this node sees: what it is about to ask
    /// for may still find none.</summary>
    public bool HasQuorum => Members > 0 && Heard >= new Quorums(Members).Majority;

    /// <summary>As in <c>2/3, quorum</c>.</summary>
    public override string ToString() => $"{Heard}/{Members}, {(HasQuorum ? "" : "no ")}quorum";
}
