using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>Where a story begins.</summary>
internal static class RaftScenes
{
    /// <summary>m0 has the promises of a majority and asks for votes in t1; its own is not
    /// durable.</summary>
    public static RaftMember Candidate(int members)
    {
        RaftMember candidate = RaftMember.Of(0, members);
        candidate.WakeWhenDue();
        for (int peer = 1; peer <= members / 2; peer++)
            candidate.Receive(peer, RaftFrames.Promise(1));
        return candidate;
    }

    /// <summary>m0 has been elected in t1; its no-op i1 is sent and not durable.</summary>
    public static RaftMember NewLeader(
        int members,
        RaftOptions? options = null,
        bool isWatched = false,
        LeaseTerms? lease = null)
    {
        RaftSetup setup = new(members)
        {
            Options = options ?? new RaftOptions(),
            IsWatched = isWatched,
            Lease = lease ?? LeaseTerms.Off,
        };
        RaftMember leader = RaftMember.Of(0, setup);
        leader.WakeWhenDue();
        for (int peer = 1; peer <= members / 2; peer++)
            leader.Receive(peer, RaftFrames.Promise(1));
        leader.Persisted();
        for (int peer = 1; peer <= members / 2; peer++)
            leader.Receive(peer, RaftFrames.Vote(1));
        leader.Settle();
        return leader;
    }

    /// <summary>m0 leads t1; its no-op i1 is durable everywhere and committed.</summary>
    public static RaftMember Leader(
        int members,
        RaftOptions? options = null,
        bool isWatched = false,
        LeaseTerms? lease = null)
    {
        RaftMember leader = NewLeader(members, options, isWatched, lease);
        leader.Persisted();
        for (int peer = 1; peer < members; peer++)
            leader.Receive(peer, RaftFrames.Accepted(1, index: 1));
        leader.Settle();
        return leader;
    }

    /// <summary>m1 of three follows m0 in the term of the newest entry; the entries are durable
    /// and none is committed. A null command is a no-op.</summary>
    public static RaftMember Follower(params (long Term, string? Command)[] entries)
    {
        RaftMember follower = RaftMember.Of(1, 3);
        follower.Receive(0, new Append(entries[^1].Term) { Entries = entries }.Frame());
        follower.Settle();
        follower.Persisted();
        return follower;
    }
}
