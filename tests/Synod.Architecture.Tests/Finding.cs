namespace Synod.Architecture.Tests;

/// <summary>One place that breaks a rule, and what to do about it.</summary>
internal readonly record struct Finding(string Path, int Line, string Advice)
{
    public override string ToString() => $"{Path}:{Line}: {Advice}";

    /// <summary>Fails with every finding on a line of its own.</summary>
    public static void AssertNone(IEnumerable<Finding> findings)
    {
        string[] lines = [.. findings.Select(static finding => finding.ToString())];
        if (lines.Length > 0)
            Assert.Fail($"{lines.Length} to mend\n{string.Join('\n', lines)}");
    }
}
