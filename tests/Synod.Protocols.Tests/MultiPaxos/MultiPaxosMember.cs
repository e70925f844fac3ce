using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>A member of a group of Multi-Paxos, and ways to look inside.</summary>
internal sealed class MultiPaxosMember(int self, MultiPaxosSetup setup) : GroupMember(self, setup)
{
    public override MultiPaxosReplica Kernel => (MultiPaxosReplica)base.Kernel;

    public override MultiPaxosReplica OnDisk => (MultiPaxosReplica)base.OnDisk;

    /// <summary>How many members the group has.</summary>
    public int Members { get; } = setup.Members;

    public Ballot Promised => Kernel.State.Promised;

    public LogIndex Chosen => Kernel.State.Chosen;

    /// <summary>A member that is up, on its own.</summary>
    public static MultiPaxosMember Of(int self, int members, MultiPaxosOptions? options = null) =>
        Of(self, new MultiPaxosSetup(members) { Options = options ?? new MultiPaxosOptions() });

    /// <summary>A member that is up, on its own.</summary>
    public static MultiPaxosMember Of(int self, MultiPaxosSetup setup)
    {
        MultiPaxosMember member = new(self, setup);
        member.Restart();
        return member;
    }

    /// <summary>What the slots hold: ballot, and command or kind.</summary>
    public IReadOnlyList<string> Slots() =>
    [
        .. from number in Enumerable.Range(1, (int)Kernel.State.Slots.Last.Number)
           let value = Kernel.State.Slots[new LogIndex(number)]
           let isCommand = value.Kind == MultiPaxosValueKind.Command
           let text = isCommand ? TextOf(value.Command) : $"{value.Kind}"
           select $"{value.Ballot} {text}",
    ];

    /// <summary>Of a leader: its lease.</summary>
    public LeaderLease Lease() => Leading().Lease;

    /// <summary>Of a leader: its newest round.</summary>
    public long Round() => Leading().Round;

    private Leading Leading() => Assert.IsType<Leading>(Kernel.Duties.Role, exactMatch: false);
}
