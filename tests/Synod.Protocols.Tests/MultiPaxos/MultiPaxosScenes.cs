using Synod.Kernel;
using Synod.MultiPaxos;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>Where a story begins.</summary>
internal static class MultiPaxosScenes
{
    /// <summary>The first ballot of m0.</summary>
    public static Ballot First => MultiPaxosFrames.B(1, 0);

    /// <summary>m0 was told by a majority that it would be promised and asks for promises in b1.m0;
    /// its own is not durable.</summary>
    public static MultiPaxosMember Candidate(int members, MultiPaxosOptions? options = null) =>
        Campaign(MultiPaxosMember.Of(0, members, options), First);

    /// <summary>m0 has some slots, accepted in a ballot, and campaigns in the next round of its
    /// own; its own promise is durable.</summary>
    public static MultiPaxosMember Candidate(
        int members, Ballot of, params string?[] commands)
    {
        MultiPaxosMember candidate = MultiPaxosMember.Of(0, members);
        candidate.Receive(of.Proposer.Index, new Proposal(of) { Commands = commands }.Frame());
        candidate.Settle();
        candidate.Persisted();
        candidate.PeerDown(of.Proposer.Index);
        Campaign(candidate, of.NextOf(candidate.Self));
        candidate.PeerUp(of.Proposer.Index);
        candidate.Persisted();
        return candidate;
    }

    /// <summary>m0 has been elected in b1.m0; no slot is proposed.</summary>
    public static MultiPaxosMember NewLeader(
        int members,
        MultiPaxosOptions? options = null,
        bool isWatched = false,
        LeaseTerms? lease = null)
    {
        MultiPaxosSetup setup = new(members)
        {
            Options = options ?? new MultiPaxosOptions(),
            IsWatched = isWatched,
            Lease = lease ?? LeaseTerms.Off,
        };
        MultiPaxosMember leader = Campaign(MultiPaxosMember.Of(0, setup), First);
        leader.Persisted();
        for (int peer = 1; peer <= members / 2; peer++)
            leader.Receive(peer, MultiPaxosFrames.Promise(First));
        leader.Settle();
        return leader;
    }

    /// <summary>m0 leads b1.m0; its first command is durable everywhere and chosen in i1.
    /// </summary>
    public static MultiPaxosMember Leader(
        int members,
        MultiPaxosOptions? options = null,
        bool isWatched = false,
        LeaseTerms? lease = null)
    {
        MultiPaxosMember leader = NewLeader(members, options, isWatched, lease);
        leader.Propose(1, "0");
        leader.Settle();
        leader.Persisted();
        for (int peer = 1; peer < members; peer++)
            leader.Receive(peer, MultiPaxosFrames.Accepted(First, through: 1));
        leader.Settle();
        return leader;
    }

    /// <summary>m1 of three follows m0 in the round of the newest slot, of each of whose values the
    /// round is given; they are accepted durably, none is known to be chosen. A null command is a
    /// no-op.</summary>
    public static MultiPaxosMember Follower(params (long Round, string? Command)[] values) =>
        Follower(new MultiPaxosOptions(), values);

    public static MultiPaxosMember Follower(
        MultiPaxosOptions options, params (long Round, string? Command)[] values)
    {
        MultiPaxosMember follower = MultiPaxosMember.Of(1, 3, options);
        foreach ((int slot, (long round, string? command)) in values.Index())
        {
            Proposal proposal = new(MultiPaxosFrames.B(round, 0))
            {
                First = slot + 1,
                Commands = [command],
            };
            follower.Receive(0, proposal.Frame());
        }

        follower.Settle();
        follower.Persisted();
        return follower;
    }

    private static MultiPaxosMember Campaign(MultiPaxosMember candidate, Ballot ballot)
    {
        candidate.WakeWhenDue();
        int granted = 0;
        int majority = candidate.Members / 2;
        for (int peer = 0; granted < majority; peer++)
        {
            if (peer == candidate.Self.Index)
                continue;

            candidate.Receive(peer, MultiPaxosFrames.Granted(ballot));
            granted++;
        }

        return candidate;
    }
}
