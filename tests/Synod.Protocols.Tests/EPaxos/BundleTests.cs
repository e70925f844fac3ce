using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>What a turn sends to the same members leaves when it ends, in one frame.</summary>
public class BundleTests
{
    private const string NoFrame = $"violated by m2: {EPaxosRules.FramesAreMessages}";

    [Fact]
    [Rule(EPaxosRules.FramesAreMessages)]
    public void Proposals_of_a_turn_are_one_frame_and_so_are_their_answers_and_decisions()
    {
        EPaxosMember owner = Member(0);
        SaysNot(owner.Propose(1, "a", K), "send");
        SaysNot(owner.Propose(2, "bc", L), "send");
        Says(owner.Settle(), "Bundle PreAccept m0.1 Command(1)", "; PreAccept m0.2 Command(2)");

        EPaxosMember other = Member(1);
        byte[] proposals =
            Bundle((PreAccept(Id(0, 1), "a"), 1), (PreAccept(Id(0, 2), "bc", default, L), 2));
        SaysNot(other.Receive(0, proposals), "send");
        Assert.Equal("PreAccepted a b0 b0 []", other.Knows(0, 1));
        Assert.Equal("PreAccepted bc b0 b0 []", other.Knows(0, 2));
        Says(other.Settle(), "Bundle PreAcceptOk m0.1 dep []; PreAcceptOk m0.2 dep []");

        owner.Persisted();
        owner.Receive(1, Bundle((PreAcceptOk(Id(0, 1)), 0), (PreAcceptOk(Id(0, 2)), 0)));
        Says(owner.Settle(), "Bundle Commit m0.1 b0 Command(1, known)", "; Commit m0.2");
    }

    [Fact]
    public void Nobody_waits_behind_large_commands_of_others()
    {
        EPaxosMember owner = Member(0);
        string large = new('x', 40_000);
        SaysNot(owner.Propose(1, large, K), "send");
        SaysNot(owner.Propose(2, large, L), "send");
        string[] lines = owner.Settle();
        Says(lines, "send", "PreAccept m0.1");
        Says(lines, "send", "PreAccept m0.2");
    }

    [Fact]
    [Rule(EPaxosRules.FramesAreMessages)]
    public void A_part_that_is_no_message_of_a_turn_is_blamed()
    {
        (byte[], int) whole = (PreAcceptOk(Id(0, 1)), 0);
        foreach (byte[] frame in new[]
        {
            Bundle(whole, (Recover(Id(0, 1), B(1, 2)), 0)),
            Bundle(whole, (Bundle(whole, whole), 0)),
            Bundle(whole, ([.. PreAcceptOk(Id(0, 1)), 7], 1)),
            Bundle(whole, (PreAccept(Id(2, 1), "ab"), 1)),
            Bundle(whole, ([], 0)),
        })
        {
            Assert.Equal([NoFrame], Member(0).Receive(2, frame));
        }
    }

    private static EPaxosMember Member(int self)
    {
        EPaxosMember member = new(self, new EPaxosSetup(3));
        member.Restart();
        return member;
    }
}
