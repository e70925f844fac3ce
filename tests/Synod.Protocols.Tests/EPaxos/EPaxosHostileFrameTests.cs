using Synod.EPaxos;
using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>Frames of anyone, to members of EPaxos.</summary>
public sealed class EPaxosHostileFrameTests : HostileFrameTests
{
    private protected override string NoFrame =>
        $"violated by m2: {EPaxosRules.FramesAreMessages}";

    // A dependency, or an instance, so far ahead that no owner can have come there.
    [Fact]
    [Rule(EPaxosRules.FramesAreMessages)]
    public void A_lie_about_slots_fills_no_memory()
    {
        foreach (GroupMember victim in Victims())
        {
            long known = victim.Kernel.Status.Last;
            Assert.Equal([NoFrame], victim.Receive(2, PreAccept(Id(2, 1L << 40), "a")));
            Assert.Equal([NoFrame], victim.Receive(2, PreAccept(Id(2, 5), "a", Cover(1L << 40))));
            Assert.Equal([NoFrame], victim.Receive(2, Commit(Id(2, 5), "a", Cover(0, 1L << 40))));
            Assert.Equal([NoFrame], victim.Receive(2, TryRecover(Id(2, 1L << 40))));
            Assert.Equal([NoFrame], victim.Receive(2, Gathered(1, Cover(0, 1L << 40))));
            Assert.Equal([NoFrame], victim.Receive(2, PreAccept(Id(7, 1), "a")));
            Assert.Equal(known, victim.Kernel.Status.Last);
        }
    }

    // One that has seen nothing, an owner, one that recovers, and one that is damaged.
    private protected override IEnumerable<GroupMember> Victims()
    {
        yield return EPaxosMember.Of(0, 3);
        yield return EPaxosScenes.Owner(3, "a", "b");
        yield return EPaxosScenes.Recoverer(3, Id(1, 1)).Recoverer;

        EPaxosMember damaged = EPaxosMember.Of(1, 3);
        damaged.Receive(0, PreAccept(Id(0, 1), "a"));
        damaged.Persisted();
        damaged.Crash();
        damaged.Damage(1, 1);
        damaged.Restart();
        damaged.Persisted();
        yield return damaged;
    }

    private protected override IEnumerable<byte[]> Frames() => WireFormatTests.Messages();

    private protected override byte[] Record() => Encode(new StateRecord(1));
}
