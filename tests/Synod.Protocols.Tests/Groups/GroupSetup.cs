using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups;

/// <summary>What all members of a group under test have in common.</summary>
internal abstract record GroupSetup(int Members)
{
    public LeaseTerms Lease { get; init; } = LeaseTerms.Off;

    public ulong Seed { get; init; } = 1;

    /// <summary>Whether the members are told of every node that is gone.</summary>
    public bool IsWatched { get; init; }

    public IWorld? World { get; init; }

    /// <summary>Whether members take snapshots now and then.</summary>
    public bool TakesSnapshots { get; init; }

    /// <summary>Whether all commands write one key and all reads read it; if not they touch
    /// everything. Either way they are all in one order.</summary>
    public bool IsKeyed { get; init; }

    /// <summary>Whether each input is a turn of its own, so that what is gathered leaves with
    /// it.</summary>
    public bool SettlesEachInput { get; init; }

    /// <summary>What a command touches.</summary>
    public Footprint Writes => IsKeyed ? Footprint.Writes("k"u8) : Footprint.Universal;

    /// <summary>What a read touches.</summary>
    public Footprint Reads => IsKeyed ? Footprint.Reads("k"u8) : Footprint.Universal;

    /// <summary>Whether a member may take a snapshot now: nobody will ever need what it may forget
    /// then, since snapshots do not travel here.</summary>
    public virtual bool MaySnapshot(GroupMember member, IReadOnlyList<GroupMember> all) => false;

    /// <summary>The protocol under test, with its options.</summary>
    public abstract IProtocol Protocol { get; }

    /// <summary>A member that is down.</summary>
    public abstract GroupMember NewMember(int self);

    public EpochDescriptor Epoch() => new()
    {
        Id = new EpochId(0, new Lineage(7)),
        Protocol = Protocol.Name,
        Members =
        [
            .. Enumerable.Range(1, Members).Select(static node =>
                new MemberIdentity(new NodeId((uint)node), new Incarnation((uint)node))),
        ],
        Parameters = new EpochParameters { Machine = "test", Lease = Lease },
    };
}
