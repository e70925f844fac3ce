using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Protocols.Tests.Groups;
using Synod.Protocols.Tests.Groups.Leaders;
using static Synod.Protocols.Tests.MultiPaxos.MultiPaxosFrames;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>Frames of anyone, to members of Multi-Paxos.</summary>
public sealed class MultiPaxosHostileFrameTests : LeaderHostileFrameTests
{
    private protected override string NoFrame =>
        $"violated by m2: {MultiPaxosRules.FramesAreMessages}";

    [Fact]
    public void Values_of_a_ballot_above_that_of_who_tells_of_them_are_no_values()
    {
        Told newer = new(B(4, 0), "x");
        foreach (GroupMember victim in Victims())
        {
            Proposal proposal = new(B(3, 2)) { Commands = ["x"], Of = B(4, 0) };
            Assert.Equal([NoFrame], victim.Receive(2, proposal.Frame()));
            Report report = new(B(3, 2)) { Slots = [newer] };
            Assert.Equal([NoFrame], victim.Receive(2, report.Frame()));
            Lesson lesson = new(B(3, 2)) { Slots = [newer] };
            Assert.Equal([NoFrame], victim.Receive(2, lesson.Frame()));
        }
    }

    [Fact]
    public void Nothing_is_never_proposed_nor_learned()
    {
        foreach (GroupMember victim in Victims())
        {
            Proposal proposal = new(B(3, 2)) { Commands = [null], Of = Ballot.Zero };
            Assert.Equal([NoFrame], victim.Receive(2, proposal.Frame()));
            Lesson lesson = new(B(3, 2)) { Slots = [Told.Nothing] };
            Assert.Equal([NoFrame], victim.Receive(2, lesson.Frame()));
        }
    }

    // An empty slot has that ballot: the follower would count for ever.
    [Fact]
    [Rule(MultiPaxosRules.FramesAreMessages)]
    public void Nobody_leads_the_ballot_before_the_first()
    {
        MultiPaxosMember victim = MultiPaxosMember.Of(1, 3);
        byte[] frame = new Proposal(Ballot.Zero) { Last = 0 }.Frame();

        Assert.Equal(
            [$"violated by m0: {MultiPaxosRules.FramesAreMessages}"], victim.Receive(0, frame));
    }

    // The origin names a value, so it was there before any other ballot that tells of it.
    [Fact]
    [Rule(MultiPaxosRules.OriginNamesValue)]
    public void A_value_is_not_of_an_origin_above_its_ballot()
    {
        foreach (MultiPaxosMember victim in Victims())
        {
            Proposal proposal = new(B(3, 2)) { Commands = ["x"], Origin = B(4, 0) };
            Assert.Equal([NoFrame], victim.Receive(2, proposal.Frame()));
            Told told = new(B(3, 2), "x") { Origin = B(3, 3) };
            Assert.Equal(
                [NoFrame], victim.Receive(2, new Lesson(B(3, 2)) { Slots = [told] }.Frame()));
        }
    }

    [Fact]
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    public void A_lie_about_what_is_chosen_fills_no_memory()
    {
        long far = 1L << 40;
        Proposal lie = new(B(3, 2))
        {
            First = far + 1,
            Base = far,
            Chosen = far,
            Commands = ["x"],
        };
        foreach (GroupMember victim in Victims())
        {
            long last = victim.Kernel.Status.Last;
            victim.Receive(2, lie.Frame());
            Assert.Equal(last, victim.Kernel.Status.Last);
            lie = lie with { First = long.MaxValue, Last = long.MaxValue };
            Assert.Equal([NoFrame], victim.Receive(2, lie.Frame()));
        }
    }

    [Fact]
    public void A_round_that_leaves_no_room_for_another_is_no_round()
    {
        foreach (GroupMember victim in Victims())
        {
            Assert.Equal([NoFrame], victim.Receive(2, Prepare(new Ballot(long.MaxValue))));
            victim.Kernel.Wake(new Turn(victim.Due), victim.Outbox);
        }
    }

    // After one lie of the highest ballot nobody could campaign any more.
    [Fact]
    [Rule(MultiPaxosRules.FramesAreMessages)]
    public void A_ballot_far_ahead_is_no_ballot_and_one_that_is_not_leaves_room()
    {
        foreach (GroupMember victim in Victims())
        {
            long near = ((MultiPaxosMember)victim).Promised.Round + (1L << 32);
            Assert.Equal([NoFrame], victim.Receive(2, Prepare(B(near + 1, 2))));
            Assert.Equal([NoFrame], victim.Receive(2, Nack(B(near + 1, 2))));
            Assert.Equal([NoFrame], victim.Receive(2, Probe(B(near + 1, 2))));
            Assert.NotEqual([NoFrame], victim.Receive(2, Nack(B(near, 2))));
            victim.PeerDown(0);
            victim.PeerDown(1);
            victim.Now += TimeSpan.FromHours(1);
            victim.Receive(2, Prepare(B(near, 2)));
            Assert.Equal(B(near, 2), ((MultiPaxosMember)victim).Promised);
            Assert.NotEqual([NoFrame], victim.Receive(2, Nack(B(near + 1, 2))));
        }
    }

    [Fact]
    public void More_slots_than_a_message_may_have_are_no_message()
    {
        string?[] many = [.. Enumerable.Repeat((string?)null, (1 << 16) + 1)];
        foreach (GroupMember victim in Victims())
        {
            Assert.Equal(
                [NoFrame], victim.Receive(2, new Proposal(B(3, 2)) { Commands = many }.Frame()));
        }
    }

    private protected override byte[] Lie(SeededRandom random) => random.Below(12) switch
    {
        0 => Probe(AnyBallot(random), Number(random)),
        1 => random.Chance(1, 2) ? Granted(AnyBallot(random)) : ProbeRefused(AnyBallot(random)),
        2 => Prepare(AnyBallot(random), Number(random), Number(random)),
        3 or 4 => LyingReport(random).Frame(),
        5 => Nack(AnyBallot(random)),
        6 => random.Chance(1, 2)
            ? Accepted(AnyBallot(random), Number(random), Number(random))
            : Lacking(AnyBallot(random), Number(random), Number(random), Number(random)),
        7 => LyingLesson(random).Frame(),
        8 => random.Chance(1, 2)
            ? Learn(AnyBallot(random), Number(random))
            : TimeoutNow(AnyBallot(random), Number(random), Number(random)),
        9 => random.Chance(1, 2)
            ? Encode(new ReadIndex<Ballot>(AnyBallot(random), Ticket(random)))
            : Encode(new ReadIndexReply<Ballot>(
                AnyBallot(random), Ticket(random), new LogIndex(Number(random)), null)),
        _ => LyingProposal(random).Frame(),
    };

    private static Ballot AnyBallot(SeededRandom random) => random.Chance(1, 20)
        ? new Ballot(Number(random))
        : B(random.Below(5), (int)random.Below(3));

    private static Told[] AnySlots(SeededRandom random) =>
    [
        .. Enumerable.Range(0, (int)random.Below(4)).Select(_ => random.Below(4) switch
        {
            0 => Told.Nothing,
            1 => new Told(AnyBallot(random), null),
            2 => new Told(AnyBallot(random), "abc"),
            _ => new Told(AnyBallot(random), "abc") { Origin = AnyBallot(random) },
        }),
    ];

    private static Report LyingReport(SeededRandom random) => new(AnyBallot(random))
    {
        From = Number(random),
        Last = random.Chance(1, 2) ? null : Number(random),
        Chosen = random.Chance(1, 2) ? 0 : Number(random),
        Health = (KernelHealth)(random.Below(9) / 6),
        Slots = AnySlots(random),
    };

    private static Lesson LyingLesson(SeededRandom random) => new(AnyBallot(random))
    {
        From = Number(random),
        Chosen = random.Chance(1, 2) ? null : Number(random),
        Slots = AnySlots(random),
    };

    private static Proposal LyingProposal(SeededRandom random) => new(AnyBallot(random))
    {
        First = Number(random),
        Base = random.Chance(2, 3) ? 0 : Number(random),
        Chosen = Number(random),
        Round = Number(random),
        Last = random.Chance(1, 3) ? null : random.Below(9),
        Origin = random.Chance(1, 2) ? null : AnyBallot(random),
        Commands =
        [
            .. Enumerable.Range(0, (int)random.Below(4))
                .Select(_ => random.Chance(1, 3) ? null : "abc"),
        ],
    };

    private protected override byte[] Record() =>
        Encode(new PromiseRecord(B(9, 2), default));

    private protected override IEnumerable<GroupMember> Victims()
    {
        yield return MultiPaxosMember.Of(0, 3);
        yield return MultiPaxosScenes.Candidate(3);
        yield return MultiPaxosScenes.NewLeader(3);
        yield return MultiPaxosScenes.Leader(3);
        MultiPaxosMember follower = MultiPaxosScenes.Follower((1, "a"), (1, "b"), (2, "c"));
        follower.Receive(0, new Proposal(B(2, 0)) { First = 4, Chosen = 3, Last = 3 }.Frame());
        yield return follower;
        yield return MultiPaxosScenes.Candidate(3, B(2, 2), "a", null, "c");
    }

    private protected override IEnumerable<byte[]> Frames()
    {
        Told[] slots = [new Told(B(1, 0), "abc"), new Told(B(2, 1), null)];
        yield return Probe(B(2, 2), chosen: 1);
        yield return Granted(B(1, 0));
        yield return ProbeRefused(B(2, 1));
        yield return Prepare(B(3, 2), from: 2);
        yield return Nack(B(1, 2));
        yield return new Report(B(3, 0)) { From = 2, Slots = slots }.Frame();
        yield return Accepted(B(1, 0), through: 1);
        yield return Lacking(B(1, 0), through: 1, before: 3);
        yield return Learn(B(1, 2), from: 1);
        yield return new Lesson(B(3, 2)) { Slots = slots }.Frame();
        yield return TimeoutNow(B(2, 0), last: 3, transfer: 1);
        yield return
            new Proposal(B(2, 2)) { First = 2, Chosen = 2, Commands = ["abc", null] }.Frame();
    }
}
