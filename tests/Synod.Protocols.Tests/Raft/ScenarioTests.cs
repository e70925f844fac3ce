using Synod.Raft;
using Synod.Simulation;

namespace Synod.Protocols.Tests.Raft;

/// <summary>Every text in the folder <c>Scenarios</c> has the trace that is written in it, whole.
/// SYNOD_UPDATE=1 writes it anew; expectations and promises hold all the same.</summary>
public class ScenarioTests
{
    private const string Quoted = "a_vote_that_was_not_flushed_was_not_given.txt";

    private static readonly string Root = FindRoot();

    private static readonly string Folder = Path.Combine(
        Root, "tests", "Synod.Protocols.Tests", "Raft", "Scenarios");

    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Folder, "*.txt")
            .Select(static file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_scenario_has_the_trace_that_is_written_down(string file)
    {
        string path = Path.Combine(Folder, file);
        ScenarioResult result =
            Scenario.Parse(file, File.ReadAllText(path), [new RaftProtocol()]).Run();
        Assert.True(result.Failure is null, $"{result.Failure}\n{result.Text}");
        if (Environment.GetEnvironmentVariable("SYNOD_UPDATE") == "1")
            File.WriteAllText(path, result.Text);
        else
            Assert.Equal("", result.Difference);
    }

    [Fact]
    public void The_page_about_scenarios_quotes_a_real_one()
    {
        string page = File.ReadAllText(Path.Combine(Root, "docs", "reference", "scenarios.md"));

        Assert.Contains(
            $"```text\n{File.ReadAllText(Path.Combine(Folder, Quoted))}```\n", page);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Synod.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder!;
    }
}
