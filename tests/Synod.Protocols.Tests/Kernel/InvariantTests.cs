using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

public class InvariantTests
{
    [Fact]
    public void A_broken_invariant_names_its_rule_and_what_does_not_hold()
    {
        int index = 2;
        int last = 1;
        InvariantBrokenException broken = Assert.Throws<InvariantBrokenException>(
            () => Invariant.Holds(index <= last, "Raft §5.3"));

        Assert.Equal("Raft §5.3", broken.Rule);
        Assert.Equal("Raft §5.3: index <= last", broken.Message);
    }

    [Fact]
    public void An_invariant_that_holds_says_nothing() => Invariant.Holds(true, "rule");

    [Fact]
    public void A_broken_invariant_says_where()
    {
        Member member = new(1);
        InvariantBrokenException broken = Assert.Throws<InvariantBrokenException>(
            () => Invariant.Holds(member.Index == 2, "rule", $"{member} has {-1}"));

        Assert.Equal("rule: m1 has -1", broken.Message);
    }

    [Fact]
    public void An_invariant_that_holds_makes_no_text()
    {
        int texts = 0;
        Invariant.Holds(true, "rule", $"{++texts}");

        Assert.Equal(0, texts);
    }
}
