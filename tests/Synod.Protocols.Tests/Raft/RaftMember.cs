using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>A member of a group of Raft, and ways to look inside.</summary>
internal sealed class RaftMember(int self, RaftSetup setup) : GroupMember(self, setup)
{
    public override RaftReplica Kernel => (RaftReplica)base.Kernel;

    public override RaftReplica OnDisk => (RaftReplica)base.OnDisk;

    /// <summary>A member that is up, on its own.</summary>
    public static RaftMember Of(int self, int members, RaftOptions? options = null) =>
        Of(self, new RaftSetup(members) { Options = options ?? new RaftOptions() });

    /// <summary>A member that is up, on its own.</summary>
    public static RaftMember Of(int self, RaftSetup setup)
    {
        RaftMember member = new(self, setup);
        member.Restart();
        return member;
    }

    public static EpochDescriptor Epoch(int members) => new RaftSetup(members).Epoch();

    public IReadOnlyList<string> LogTerms() =>
    [
        .. from index in Enumerable.Range(1, (int)Kernel.State.Log.Last.Number)
           select $"i{index} {Kernel.State.Log.TermAt(new LogIndex(index))}",
    ];

    /// <summary>Of a leader: its lease.</summary>
    public LeaderLease Lease() => Leading().Lease;

    /// <summary>Of a leader: its newest round.</summary>
    public long Round() => Leading().Round;

    private Leading Leading() => Assert.IsType<Leading>(Kernel.Duties.Role);
}
