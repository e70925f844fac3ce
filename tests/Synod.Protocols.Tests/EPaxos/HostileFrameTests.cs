using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>Frames of anyone: blamed or ignored, and never an exception or a broken
/// invariant.</summary>
public class HostileFrameTests
{
    private const string NoFrame = $"violated by m2: {EPaxosRules.FramesAreMessages}";

    [Fact]
    [Rule(EPaxosRules.FramesAreMessages)]
    public void Random_bytes_are_no_frame() => Seeds.ForEach(300, static random =>
    {
        foreach (EPaxosMember victim in Victims())
        {
            byte[] frame = random.Bytes((int)random.Below(100));
            Assert.Equal([NoFrame], victim.Receive(2, frame));
            Assert.NotEmpty(victim.Kernel.DescribeFrame(frame));
        }
    });

    [Fact]
    [Rule(EPaxosRules.FramesAreMessages)]
    public void Records_and_cut_or_longer_frames_are_no_frames()
    {
        foreach (EPaxosMember victim in Victims())
        {
            Assert.Equal([NoFrame], victim.Receive(2, Encode(new StateRecord(1))));
            foreach (byte[] frame in WireFormatTests.Messages())
            {
                Assert.Equal([NoFrame], victim.Receive(2, [.. frame, 0]));
                for (int length = 0; length < frame.Length; length++)
                    Assert.Equal([NoFrame], victim.Receive(2, frame[..length]));
            }
        }
    }

    [Fact]
    public void Frames_with_wrong_bytes_break_nothing()
    {
        byte[][] frames = [.. WireFormatTests.Messages()];
        Seeds.ForEach(300, random =>
        {
            foreach (EPaxosMember victim in Victims())
            {
                for (int count = 0; count < 10; count++)
                {
                    byte[] frame = [.. frames[random.Below(frames.Length)]];
                    for (long flips = random.Below(4); flips >= 0; flips--)
                        frame[random.Below(frame.Length)] = (byte)random.Below(256);
                    victim.Receive(2, frame);
                    victim.Persisted();
                }
            }
        });
    }

    // A dependency, or an instance, so far ahead that no owner can have come there.
    [Fact]
    [Rule(EPaxosRules.FramesAreMessages)]
    public void A_lie_about_slots_fills_no_memory()
    {
        foreach (EPaxosMember victim in Victims())
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
    private static IEnumerable<EPaxosMember> Victims()
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
}
