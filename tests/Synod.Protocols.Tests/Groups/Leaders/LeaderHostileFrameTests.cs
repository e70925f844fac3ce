using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Leaders;

/// <summary>The same, to members that lead and follow, and lies of one who speaks well.</summary>
public abstract class LeaderHostileFrameTests : HostileFrameTests
{
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

    /// <summary>A message that a wrong member might send.</summary>
    private protected abstract byte[] Lie(SeededRandom random);

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

    private protected override void Hit(GroupMember victim, byte[] frame, SeededRandom random)
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
