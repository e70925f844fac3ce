using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Register;
using static Synod.Protocols.Tests.Register.RegisterScenes;

namespace Synod.Protocols.Tests.Register;

/// <summary>Many who propose for one key at once give way to each other, and all end.</summary>
public class ContentionTests
{
    private const int Members = 5;
    private const int PerMember = 40;

    // P9 of the seed.
    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [Feature("F08")]
    [Rule(RegisterRules.RivalsGiveWay)]
    public void Many_proposers_of_one_key_all_end_in_few_rounds_and_always_the_same(ulong seed)
    {
        (long rounds, Instant ended, ulong digest) = Contend(seed);

        // At best each member needs one ballot for its commands.
        Assert.InRange(rounds, 5, 60);
        Assert.InRange(ended.Ticks, 0, TimeSpan.FromSeconds(2).Ticks);
        Assert.Equal((rounds, ended, digest), Contend(seed));
    }

    private static (long Rounds, Instant Ended, ulong Digest) Contend(ulong seed)
    {
        Group group = new(new RegisterSetup(Members) { IsKeyed = true, Seed = seed });
        for (int command = 0; command < PerMember; command++)
        {
            foreach (GroupMember member in group.Members)
                group.Propose(member, new byte[8]);
        }

        Assert.True(group.RunUntil(() => group.Audit.OpenCount == 0, TimeSpan.FromSeconds(60)));
        Assert.Equal(Members * PerMember, group.Audit.DeliveredCount);
        long rounds = group.Members.Max(static member =>
            ((RegisterMember)member).Kernel.State.GetOrAdd(K).AcceptedIn.Round);
        ulong digest = 0;
        foreach (GroupMember member in group.Members)
            digest = StableHash.Combine(digest, member.Digest());
        return (rounds, group.Now, digest);
    }
}
