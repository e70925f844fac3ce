using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

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

    // The first ones are there by name, in a lower ballot. The record of the next one marks them:
    // whichever record is the last that a crash leaves, what is marked has the ballot in which it
    // was chosen.
    [Fact]
    [Rule(MultiPaxosRules.ChosenStays)]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    public void What_was_learned_is_marked_only_behind_its_ballot()
    {
        Told[] told = Told(B(1, 0), B(3, 2));
        byte[] lesson = new Lesson(B(3, 2)) { Slots = told }.Frame();
        AssertEachCrashKeepsBallots(
            told, lesson, static () => MultiPaxosScenes.Follower((1, "a")));
        AssertEachCrashKeepsBallots(
            told, lesson, static () => MultiPaxosScenes.Follower((1, "a"), (1, "b")));
        told[0] = told[0] with { Ballot = B(2, 2) };
        AssertEachCrashKeepsBallots(
            told,
            new Lesson(B(3, 2)) { Slots = told }.Frame(),
            static () => MultiPaxosScenes.Follower((1, "a"), (1, "b")));
    }

    [Fact]
    [Rule(MultiPaxosRules.ChosenStays)]
    [Rule(MultiPaxosRules.HighestBallotWins)]
    public void What_a_promise_tells_is_marked_only_behind_its_ballot()
    {
        Told[] told = Told(B(1, 1), B(1, 2));
        for (int chosen = 1; chosen <= told.Length; chosen++)
        {
            AssertEachCrashKeepsBallots(
                told,
                new Report(B(2, 0)) { Chosen = chosen, Slots = told }.Frame(),
                static () => MultiPaxosScenes.Candidate(3, B(1, 1), "a", "b"));
        }
    }

    // A page that does not hold together is not taken in part.
    [Fact]
    [Rule(MultiPaxosRules.PromiseReportsAll)]
    public void A_promise_with_a_hole_in_what_is_chosen_leaves_nothing()
    {
        MultiPaxosMember candidate = MultiPaxosScenes.Candidate(3, B(1, 1), "a", "b");
        Told[] told = Told(B(1, 1), B(1, 2));
        told[2] = default;
        Report report = new(B(2, 0)) { Chosen = 3, Slots = told };

        Assert.StartsWith("violated", Assert.Single(candidate.Receive(2, report.Frame())));
        Assert.Equal(LogIndex.Zero, candidate.Chosen);
        Assert.Equal(["b1.m1 a", "b1.m1 b"], candidate.Slots());
    }

    // a and b were proposed first in a lower ballot than they were chosen in, c and d in that one.
    private static Told[] Told(Ballot origin, Ballot ballot) =>
    [
        new Told(ballot, "a") { Origin = origin },
        new Told(ballot, "b") { Origin = origin },
        new Told(ballot, "c"),
        new Told(ballot, "d"),
    ];

    private static void AssertEachCrashKeepsBallots(
        Told[] told, byte[] frame, Func<MultiPaxosMember> create)
    {
        MultiPaxosMember member = create();
        member.Receive(2, frame);
        int records = (int)(member.Appended.Number - member.Durable.Number);
        Assert.True(records > 1);
        for (int kept = 0; kept <= records; kept++)
        {
            member = create();
            member.Receive(2, frame);
            member.Crash(kept);
            member.Restart();
            for (int slot = 1; slot <= member.Chosen.Number; slot++)
            {
                Assert.Equal(
                    told[slot - 1].Ballot, member.Kernel.State.Slots[new LogIndex(slot)].Ballot);
            }
        }

        Assert.NotEqual(LogIndex.Zero, member.Chosen);
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
