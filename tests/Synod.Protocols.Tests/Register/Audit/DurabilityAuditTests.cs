using Synod.Kernel;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register.Audit;

/// <summary>The audit finds what leaves a member before, or without, what must be on its
/// disk.</summary>
public class DurabilityAuditTests
{
    [Fact]
    [Rule(RegisterRules.PromiseIsMonotone)]
    public void A_promise_that_is_taken_back_by_a_record_or_by_a_restart()
    {
        AuditScene scene = AuditScene.Chosen();
        Assert.Equal(
            RegisterRules.PromiseIsMonotone,
            scene.RuleOfRecord(scene.Third, Record(new PromisedRecord(K, AuditScene.First))));

        RegisterMember forgetful = RegisterMember.Of(scene.Third.Self.Index, 3);
        scene.Audit.Ended(scene.Third.Self);
        Assert.Equal(RegisterRules.PromiseIsMonotone, AuditScene.RuleOf(() =>
            scene.Audit.Began(scene.Third.Self, scene.Third.Kernel, forgetful.Kernel)));
    }

    [Fact]
    [Rule(RegisterRules.DurableBeforeAnswer)]
    [Rule(RegisterRules.PromiseTellsVote)]
    public void A_promise_that_is_not_on_the_disk_or_does_not_tell_the_vote()
    {
        AuditScene scene = AuditScene.Chosen();
        Ballot higher = B(9, scene.Owner.Self.Index);
        byte[] told = Frame(new Promise
        {
            Key = K,
            Ballot = higher,
            Vote = new RegisterVote { Ballot = AuditScene.First, State = scene.State },
        });
        Assert.Equal(RegisterRules.DurableBeforeAnswer, scene.RuleOfFrame(scene.Third, told));

        scene.Store(scene.Third, new PromisedRecord(K, higher));
        scene.Leaves(scene.Third, scene.Owner, told);
        Assert.Equal(
            RegisterRules.PromiseTellsVote, scene.RuleOfFrame(scene.Third, Promise(higher)));
        Assert.Equal(
            RegisterRules.OneStatePerBallot,
            scene.RuleOfFrame(scene.Third, Promise(higher, AuditScene.First, "other")));
    }

    [Fact]
    [Rule(RegisterRules.DurableBeforeAnswer)]
    public void A_vote_that_is_not_on_the_disk()
    {
        AuditScene scene = AuditScene.Proposed();

        Assert.Equal(
            RegisterRules.DurableBeforeAnswer,
            scene.RuleOfFrame(scene.Third, Accepted(AuditScene.First)));
        Assert.Equal(
            RegisterRules.DurableBeforeAnswer,
            scene.RuleOfFrame(scene.Third, Answer(1, AuditScene.First, false, "a")));
        Assert.Equal(
            RegisterRules.OneStatePerBallot,
            scene.RuleOfFrame(scene.Owner, Answer(1, AuditScene.First, false, "other")));
    }

    [Fact]
    [Rule(RegisterRules.OneStatePerBallot)]
    public void A_vote_on_a_disk_that_nobody_proposed() => Assert.Equal(
        RegisterRules.OneStatePerBallot,
        AuditScene.Fresh().RuleOfRecord(
            RegisterMember.Of(1, 3),
            Record(new AcceptedRecord { Key = K, Ballot = B(4, 0), State = [] })));

    [Fact]
    [Rule(RegisterRules.RoundsAreReserved)]
    [Rule(RegisterRules.OneStatePerBallot)]
    public void A_ballot_beyond_what_is_reserved_or_with_two_states()
    {
        AuditScene scene = AuditScene.Proposed();
        Ballot far = B(1L << 40, scene.Owner.Self.Index);

        Assert.Equal(
            RegisterRules.RoundsAreReserved, scene.RuleOfFrame(scene.Owner, Prepare(far)));
        Assert.Equal(
            RegisterRules.RoundsAreReserved, scene.RuleOfFrame(scene.Owner, Accept(far, "a")));
        Assert.Equal(
            RegisterRules.OneStatePerBallot,
            scene.RuleOfFrame(scene.Owner, Accept(AuditScene.First, "other")));
    }

    [Fact]
    [Rule(RegisterRules.ChosenInOneBallot)]
    [Rule(RegisterRules.MajorityAlways)]
    public void What_is_called_chosen_and_is_not()
    {
        AuditScene scene = AuditScene.Proposed();
        Ballot first = AuditScene.First;
        FrameBuffer listed = new();
        listed.WriteUInt64(K);
        listed.WriteInt64(first.Number);
        byte[] answer = Frame(new Answer
        {
            Key = K,
            Ticket = new RegisterTicket(1, 1, 1),
            IsChosen = true,
            Vote = new RegisterVote { Ballot = first, State = scene.State },
        });
        byte[] listing = Frame(new Listing
        {
            Ticket = new RegisterTicket(1, 1, 1),
            Next = 1,
            Entries = listed.Written,
        });

        string[] rules =
        [
            scene.RuleOfFrame(scene.Owner, Chosen(first)),
            scene.RuleOfFrame(scene.Owner, answer),
            scene.RuleOfFrame(scene.Owner, listing),
            scene.RuleOfRecord(scene.Owner, Record(new ChosenRecord(K, first))),
        ];
        Assert.All(rules, static rule => Assert.Equal(RegisterRules.ChosenInOneBallot, rule));
    }

    [Fact]
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void What_is_written_anew_and_is_not_what_was_there()
    {
        AuditScene scene = AuditScene.Chosen();
        byte[] state = scene.State;
        static byte[] Anew(Ballot accepted, byte[] held) => Record(new KeyRecord
        {
            Key = K,
            Promised = B(9, 0),
            AcceptedIn = accepted,
            IsChosen = false,
            State = held,
        });

        Assert.Equal(
            RegisterRules.TableIsItsNewestRecords,
            scene.RuleOfRecord(scene.Third, Anew(Ballot.Zero, [])));
        Assert.Equal(
            RegisterRules.OneStatePerBallot,
            scene.RuleOfRecord(scene.Third, Anew(AuditScene.First, [.. state, 1])));
    }

    [Fact]
    [Feature("C05")]
    [Rule(RegisterRules.DamagedIsSilent)]
    public void A_member_that_has_lost_records_and_has_a_voice()
    {
        AuditScene scene = AuditScene.Fresh();
        scene.Store(scene.Third, new StateRecord(1 << 20, IsVoiceless: true));

        Assert.Equal(
            RegisterRules.DamagedIsSilent, scene.RuleOfFrame(scene.Third, Nothing(1)));
        Assert.Equal(
            RegisterRules.DamagedIsSilent, scene.RuleOfFrame(scene.Third, Promise(B(9, 0))));
        Assert.Equal(
            RegisterRules.DamagedIsSilent, scene.RuleOfFrame(scene.Third, Accepted(B(9, 0))));
    }

    [Fact]
    [Rule(RegisterRules.FramesAreMessages)]
    public void A_frame_that_is_none()
    {
        AuditScene scene = AuditScene.Fresh();
        byte[] frame = [RegisterCodec.Version, .. new byte[9]];

        Assert.Equal(
            RegisterRules.FramesAreMessages, scene.RuleOfFrame(scene.Owner, frame));
    }
}
