using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>The texts in the folder <c>Scenarios</c>; see <see cref="ScenarioFolder"/>.</summary>
public class ScenarioTests
{
    private const string Quoted = "a_vote_that_was_not_flushed_was_not_given.txt";

    private static readonly ScenarioFolder Folder = new("Raft", new RaftProtocol());

    public static TheoryData<string> Files() => Folder.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void A_scenario_has_the_trace_that_is_written_down(string file) => Folder.Check(file);

    [Fact]
    public void The_page_about_scenarios_quotes_a_real_one()
    {
        string page = File.ReadAllText(
            Path.Combine(Repository.Root, "docs", "reference", "scenarios.md"));

        Assert.Contains($"```text\n{Folder.Read(Quoted)}```\n", page);
    }
}
