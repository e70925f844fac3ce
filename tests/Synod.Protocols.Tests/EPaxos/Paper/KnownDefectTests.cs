using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>Defects of other EPaxos, by their rows in docs/protocols/epaxos.md, as far as no other
/// test shows that they are none of ours.</summary>
public class KnownDefectTests
{
    private static readonly InstanceId Theirs = Id(4, 1);

    // What is decided was told; what the recoverer has itself does not count.
    [Fact]
    [Rule(EPaxosRules.CommitAtAnyBallot)]
    [Rule(EPaxosRules.RecoveryChooses)]
    public void B4_a_recovery_that_meets_a_decision_takes_and_tells_it_as_it_was_told()
    {
        EPaxosMember recoverer = EPaxosMember.Of(0, 5);
        recoverer.Receive(4, Accept(Theirs, B(0, 4), "a", Cover(9)));
        Recover(recoverer, Theirs);
        string[] lines = recoverer.Receive(1, Commit(Theirs, "a", Cover(7, 8), B(2, 3)));
        Says(lines, "committed m4.1 b2.m3 Command(1, known) dep [7,8]");

        Says(
            recoverer.Receive(2, Recover(Theirs, B(5, 2))),
            "Commit m4.1 b2.m3 Command(1) dep [7,8]");
    }

    // Of two that do not agree with each other, those count that agree with the owner.
    [Fact]
    [Rule(EPaxosRules.RecoveryChooses)]
    [Rule(EPaxosRules.FastPathImpossible)]
    public void B5_votes_are_counted_against_what_the_owner_has_proposed()
    {
        EPaxosMember recoverer = EPaxosMember.Of(0, 5);
        recoverer.Receive(1, Commit(Id(1, 1), "x"));
        recoverer.Receive(4, PreAccept(Theirs, "a", Cover(0, 0, 5)));
        Assert.Equal("PreAccepted a b0 b0 [0,1,5]", recoverer.Knows(4, 1));
        Recover(recoverer, Theirs);
        (EPaxosCover, EPaxosCover) asOwner = (Cover(0, 0, 5), Cover(0, 0, 5));
        (EPaxosCover, EPaxosCover) asRecoverer = (Cover(0, 1, 5), Cover(0, 0, 5));
        recoverer.Receive(1, PreAccepted(Theirs, B(1, 0), "a", asRecoverer));

        Says(
            recoverer.Receive(2, PreAccepted(Theirs, B(1, 0), "a", asOwner)),
            "send {m1,m2} Validate m4.1 b1.m0 Command(1) dep [0,0,5]");
    }

    [Fact]
    [Rule(EPaxosRules.RecoveryChooses)]
    [Rule(EPaxosRules.OwnerInQuorum)]
    public void B6_an_answer_of_the_owner_is_one_of_a_quorum_and_a_vote_in_it_goes_first()
    {
        (EPaxosMember recoverer, Ballot ballot) = Recoverer(5, Theirs);
        Assert.DoesNotContain(
            recoverer.Receive(4, Blank(Theirs, ballot)),
            static line => line.Contains("NoOp", StringComparison.Ordinal));

        Says(
            recoverer.Receive(1, Accepted(Theirs, (ballot, B(0, 4)), "a", Cover(3))),
            "accepted m4.1 b1.m0 Command(1, known) dep [3]");
    }

    // Each field comes back as itself: bal and abal, the dependencies and those of the owner, who
    // and whether it is decided.
    [Fact]
    [Rule(EPaxosRules.PromiseKeepsVote)]
    public void B7_every_field_of_a_report_and_of_a_validation_comes_back_in_its_place() =>
        Seeds.ForEach(200, static random =>
        {
            RecoverOk report = new()
            {
                Id = IdOf(random),
                Ballot = BallotOf(random),
                AcceptedIn = BallotOf(random),
                Phase = (EPaxosPhase)random.Below(3),
                Value = EPaxosValue.NoOp,
                Dep = CoverOf(random),
                Initial = CoverOf(random),
            };
            FrameReader reader = new(Encode(report));
            Assert.Equal(EPaxosKind.RecoverOk, EPaxosCodec.ReadHead(ref reader));
            RecoverOk again = EPaxosCodec.ReadRecoverOk(ref reader);
            Assert.Equal(Encode(report), Encode(again));
            Assert.Equal((report.AcceptedIn, report.Dep), (again.AcceptedIn, again.Dep));

            UncoveredInstance[] told = [.. Enumerable.Range(0, (int)random.Below(5)).Select(
                _ => new UncoveredInstance(IdOf(random), random.Chance(1, 2)))];
            ValidateOk answer =
                new() { Id = IdOf(random), Ballot = BallotOf(random), Uncovered = told };
            reader = new FrameReader(Encode(answer));
            Assert.Equal(EPaxosKind.ValidateOk, EPaxosCodec.ReadHead(ref reader));
            ValidateOk read = EPaxosCodec.ReadValidateOk(ref reader);
            Assert.Equal((answer.Id, answer.Ballot), (read.Id, read.Ballot));
            Assert.Equal(told, read.Uncovered);
        });

    private static InstanceId IdOf(SeededRandom random) =>
        Id((int)random.Below(MemberSet.MembersMax), 1 + random.Below(1L << 40));

    private static Ballot BallotOf(SeededRandom random) =>
        B(random.Below(1L << 30), (int)random.Below(MemberSet.MembersMax));

    private static EPaxosCover CoverOf(SeededRandom random) => Cover(
        [.. Enumerable.Range(0, (int)random.Below(6)).Select(_ => random.Below(1L << 40))]);
}
