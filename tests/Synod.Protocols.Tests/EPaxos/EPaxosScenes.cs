using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>Situations in which tests begin.</summary>
internal static class EPaxosScenes
{
    /// <summary>An owner in a group of this size that has proposed commands on key k, one after the
    /// other; all its records are durable.</summary>
    public static EPaxosMember Owner(int members, params string[] commands)
    {
        EPaxosMember owner = EPaxosMember.Of(0, members);
        long request = 0;
        foreach (string command in commands)
            owner.Propose(++request, command, K);
        owner.Persisted();
        return owner;
    }

    /// <summary>Member 0 of a group recovers an instance of another; its promise is
    /// durable.</summary>
    public static (EPaxosMember Recoverer, Ballot Ballot) Recoverer(int members, InstanceId id)
    {
        EPaxosMember recoverer = EPaxosMember.Of(0, members);
        Recover(recoverer, id);
        return (recoverer, B(1, 0));
    }

    /// <summary>Its owner is down, and somebody asks for it.</summary>
    public static void Recover(EPaxosMember recoverer, InstanceId id)
    {
        recoverer.PeerDown(id.Owner.Index);
        recoverer.Receive(id.Owner.Index == 1 ? 2 : 1, TryRecover(id));
        recoverer.WakeWhenDue();
        recoverer.Persisted();
    }

    /// <summary>Exactly one line of those has all of these words.</summary>
    public static void Says(IEnumerable<string> lines, params string[] words) => Assert.Single(
        lines, line => words.All(word => line.Contains(word, StringComparison.Ordinal)));

    /// <summary>No line has this.</summary>
    public static void SaysNot(IEnumerable<string> lines, string word) =>
        Assert.DoesNotContain(lines, line => line.Contains(word, StringComparison.Ordinal));
}
