using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups;

/// <summary>Frames of anyone: blamed or ignored, and never an exception or a broken
/// invariant.</summary>
public abstract class HostileFrameTests
{
    /// <summary>What a member of three says of what m2 has sent, if it is no frame.</summary>
    private protected abstract string NoFrame { get; }

    [Fact]
    public void Random_bytes_are_no_frame()
    {
        Seeds.ForEach(300, random =>
        {
            foreach (GroupMember victim in Victims())
            {
                byte[] frame = random.Bytes((int)random.Below(100));
                Assert.Equal([NoFrame], victim.Receive(2, frame));
                Assert.NotEmpty(victim.Kernel.DescribeFrame(frame));
            }
        });
    }

    [Fact]
    public void Records_and_cut_or_longer_frames_are_no_frames()
    {
        foreach (GroupMember victim in Victims())
        {
            Assert.Equal([NoFrame], victim.Receive(2, Record()));
            foreach (byte[] frame in Frames())
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
        byte[][] frames = [.. Frames()];
        Seeds.ForEach(300, random =>
        {
            foreach (GroupMember victim in Victims())
            {
                for (int count = 0; count < 10; count++)
                {
                    byte[] frame = [.. frames[random.Below(frames.Length)]];
                    for (long flips = random.Below(4); flips >= 0; flips--)
                        frame[random.Below(frame.Length)] = (byte)random.Below(256);
                    Hit(victim, frame, random);
                }
            }
        });
    }

    /// <summary>Of each role one, with logs that differ.</summary>
    private protected abstract IEnumerable<GroupMember> Victims();

    /// <summary>One of each kind, without a command at the end.</summary>
    private protected abstract IEnumerable<byte[]> Frames();

    /// <summary>A record, which is no message.</summary>
    private protected abstract byte[] Record();

    /// <summary>A frame comes in, and what may follow it.</summary>
    private protected virtual void Hit(GroupMember victim, byte[] frame, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(victim);
        Assert.NotEmpty(victim.Kernel.DescribeFrame(frame));
        victim.Receive(2, frame);
        victim.Persisted();
        victim.Settle();
    }
}
