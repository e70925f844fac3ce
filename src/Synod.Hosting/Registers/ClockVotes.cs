using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>What the clocks of the members show, as far as they have answered.</summary>
internal sealed class ClockVotes
{
    private readonly Dictionary<MemberIdentity, long> _clocks = [];
    private int _members;

    /// <summary>Whether a majority has answered.</summary>
    public bool IsMajority => _members > 0 && _clocks.Count >= new Quorums(_members).Majority;

    /// <summary>The latest time that has passed by the clocks of a majority, whatever the others
    /// will show.</summary>
    public long Least => AtMajority(long.MinValue);

    /// <summary>The latest time that may turn out to have passed.</summary>
    public long Most => AtMajority(long.MaxValue);

    public void Add(ReplicaStatus? status)
    {
        MemberIdentity? member = status is null
            ? null
            : new MemberIdentity(status.Node, status.Incarnation);
        if (member is null || status?.Clock is not DateTimeOffset clock)
            return;

        // Who is no member, or not yet, has no vote.
        if (!status.Members.Contains(member.Value))
            return;

        _members = status.Members.Count;
        _clocks[member.Value] = clock.ToUnixTimeMilliseconds();
    }

    private long AtMajority(long unknown)
    {
        if (_members == 0)
            return unknown;

        Span<long> clocks = stackalloc long[MemberSet.MembersMax];
        clocks = clocks[.._members];
        clocks.Fill(unknown);
        int count = 0;
        foreach (long clock in _clocks.Values)
            clocks[count++] = clock;
        return new Quorums(_members).AtMajority(clocks);
    }
}
