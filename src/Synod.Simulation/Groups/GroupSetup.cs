using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What all members of a group of bare kernels have in common.</summary>
internal sealed record GroupSetup(
    IProtocol Protocol, int Members, ulong Seed, LeaseTerms? Lease = null)
{
    /// <summary>Whether PeerDown tells of every node that is gone, as <c>down</c> does.</summary>
    public bool IsWatched { get; init; }

    /// <summary>What a command touches: everything, or, where there is no order over keys, the one
    /// key that there is.</summary>
    public Footprint Writes =>
        Protocol.IsOrdered ? Footprint.Universal : Footprint.Writes("k"u8);

    /// <summary>What a read touches.</summary>
    public Footprint Reads =>
        Protocol.IsOrdered ? Footprint.Universal : Footprint.Reads("k"u8);

    public EpochDescriptor Epoch { get; } = new()
    {
        Id = new EpochId(0, new Lineage(7)),
        Protocol = Protocol.Name,
        Members =
        [
            .. Enumerable.Range(1, Members).Select(static node =>
                new MemberIdentity(new NodeId((uint)node), new Incarnation((uint)node))),
        ],
        Parameters = new EpochParameters { Machine = "commands", Lease = Lease ?? LeaseTerms.Off },
    };

    public IKernel Create(Member self, uint life) => Protocol.Create(new KernelStart
    {
        Epoch = Epoch,
        Self = self,
        Boot = new Boot(1),
        Life = new Life(life),
        IsWatched = IsWatched,
        Seed = Seed + (life * MemberSet.MembersMax) + self.Index,
    });
}
