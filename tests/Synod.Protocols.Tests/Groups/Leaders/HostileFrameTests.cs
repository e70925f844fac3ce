using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Leaders;

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
        Seeds.ForEach(400, random =>
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

    [Fact]
    public void Well_formed_lies_break_nothing()
    {
        Seeds.ForEach(400, random =>
        {
            foreach (GroupMember victim in Victims())
            {
                for (int count = 0; count < 20; count++)
                    Hit(victim, Lie(random), random);
            }
        });
    }

    /// <summary>Of each role one, with logs that differ.</summary>
    private protected abstract IEnumerable<GroupMember> Victims();

    /// <summary>One of each kind, without a command at the end.</summary>
    private protected abstract IEnumerable<byte[]> Frames();

    /// <summary>A message that a wrong member might send.</summary>
    private protected abstract byte[] Lie(SeededRandom random);

    /// <summary>A record, which is no message.</summary>
    private protected abstract byte[] Record();

    private protected static ReadTicket Ticket(SeededRandom random) =>
        new((1, 1), random.Below(20));

    private protected static long Number(SeededRandom random) => random.Below(20) switch
    {
        0 => -1,
        1 => long.MaxValue,
        2 => long.MaxValue / 2,
        3 => 1L << 32,
        _ => random.Below(7),
    };

    private static void Hit(GroupMember victim, byte[] frame, SeededRandom random)
    {
        Assert.NotEmpty(victim.Kernel.DescribeFrame(frame));
        victim.Receive((int)random.Below(3), frame);
        if (random.Chance(1, 20))
            victim.Pressure((StoragePressure)random.Below(3));
        if (random.Chance(1, 4))
            victim.Settle();
        if (random.Chance(1, 4))
            victim.Persisted();
        if (random.Chance(1, 4))
            victim.WakeWhenDue();
        if (random.Chance(1, 4))
            victim.Propose(1, "abc");
        if (random.Chance(1, 4))
            victim.Read(2);
    }
}
