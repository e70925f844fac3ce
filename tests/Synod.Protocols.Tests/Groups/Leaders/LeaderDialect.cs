using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Leaders;

/// <summary>The words of a protocol with a stable leader, for tests that hold for all of them: m0
/// leads, and its first reign has something in i1 that all have.</summary>
internal abstract class LeaderDialect
{
    /// <summary>m0 leads; i1 is durable everywhere and committed.</summary>
    public abstract GroupMember Leader(int members, LeaderScene scene);

    /// <summary>m1 of three follows m0; i1 is durable and not known to be committed.</summary>
    public abstract GroupMember Follower(LeaderScene scene);

    /// <summary>Of a leader: its newest round.</summary>
    public abstract long Round(GroupMember leader);

    /// <summary>A follower of m0 has all up to there.</summary>
    public abstract byte[] Accepted(long index, long round = 0);

    /// <summary>A follower that damage has hurt has all up to there.</summary>
    public abstract byte[] Damaged(long index, KernelHealth health);

    /// <summary>A heartbeat of m0 to a follower that has i1.</summary>
    public abstract byte[] Heartbeat(long committed, bool rests = false);

    /// <summary>m2 asks whether it would be elected after m0.</summary>
    public abstract byte[] Candidacy();

    /// <summary>m0 answers the first batch of reads of m1.</summary>
    public abstract byte[] ReadAt(long index);

    /// <summary>m1 passes on its first command.</summary>
    public abstract byte[] Forward(string command);
}
