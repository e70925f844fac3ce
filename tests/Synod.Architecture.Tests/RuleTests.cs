namespace Synod.Architecture.Tests;

/// <summary>Every rule the code claims to keep is verified by a test that cites it too.</summary>
public class RuleTests
{
    [Fact]
    public void Every_cited_rule_is_verified()
    {
        HashSet<string> verified =
            [.. Citation.Of("Rule", "tests").Select(static rule => rule.Text)];

        Finding.AssertNone(
            from rule in Citation.Of("Rule", "src").DistinctBy(static rule => rule.Text)
            where !verified.Contains(rule.Text)
            select rule.Say($"no test cites \"{rule.Text}\"; write one and tag it [Rule(…)]"));
    }

    [Fact]
    public void Rules_are_cited_by_constant() =>
        Finding.AssertNone(
            from rule in Citation.Of("Rule", "src").Concat(Citation.Of("Rule", "tests"))
            where rule.Attribute.ArgumentList?.Arguments[0].ToString().StartsWith('"') is true
            select rule.Say("cite a constant, so that renaming the rule is an error"));
}
