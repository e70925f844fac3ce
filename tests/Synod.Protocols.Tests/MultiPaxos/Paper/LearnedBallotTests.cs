using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.MultiPaxos.Paper;

/// <summary>What is learned is told with the ballot in which it was chosen: a lower one may be
/// below that of another value, and who has that would take it for what is chosen.</summary>
public class LearnedBallotTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly Group _group = new(new MultiPaxosSetup(5));

    // x has v of b1, y has w of b2. v is chosen in b3, of which x knows nothing; it learns of it,
    // and y learns from x.
    [Fact]
    [Rule(MultiPaxosRules.ChosenStays)]
    [Rule(MultiPaxosRules.LearnedFromAny)]
    public void Who_has_learned_by_name_misleads_nobody_who_has_another_value()
    {
        GroupMember x = ProposesAlone(length: 40);
        GroupMember y = ProposesAlone(length: 41);
        GroupMember[] rest = [.. _group.Members.Where(member => member != x && member != y)];
        Cut(y, rest[2]);
        Await(() => _group.Leader is GroupMember leads && (leads == rest[0] || leads == rest[1]));
        GroupMember z = _group.Leader ?? throw new InvalidOperationException("Nobody leads.");
        Cut(y, x);
        _group.Run(Moment);
        _group.Crash(z);
        Cut(y);
        Await(() => Chosen(x) == new LogIndex(1));
        _group.Restart(z);
        LeadBy(x);

        _group.Heal();

        Await(() => Chosen(y) == new LogIndex(1));
        _group.Run(Moment);
    }

    private static LogIndex Chosen(GroupMember member) => ((MultiPaxosMember)member).Chosen;

    // A leader of its own ballot has what nobody else has.
    private GroupMember ProposesAlone(int length)
    {
        GroupMember? former = _group.Leader;
        Await(() => _group.Leader is not null && _group.Leader != former);
        GroupMember leader = _group.Leader ?? throw new InvalidOperationException("Nobody leads.");
        if (former is null)
            _group.Run(Moment);
        _group.Isolate(leader);
        _group.Propose(leader, new byte[length]);
        return leader;
    }

    private void LeadBy(GroupMember member)
    {
        _group.Run(Moment);
        if (_group.Leader is GroupMember other && other != member)
            _group.Transfer(other, TransferOrder.To(member.Self));
        Await(() => _group.Leader == member);
    }

    private void Cut(params GroupMember[] members)
    {
        _group.Heal();
        foreach (GroupMember member in members)
            _group.Isolate(member);
    }

    private void Await(Func<bool> condition) => Assert.True(_group.RunUntil(condition, Limit));
}
