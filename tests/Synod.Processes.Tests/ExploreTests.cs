using System.Text.Json;

namespace Synod.Processes.Tests;

/// <summary>The search from the command line.</summary>
public class ExploreTests
{
    [Fact]
    public async Task A_search_ends_in_one_line_of_json()
    {
        SynodResult result = await SynodProcess.RunAsync("explore", "--depth", "5", "--json");

        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement root = json.RootElement;
        Assert.Equal((0, ""), (result.Code, result.Errors));
        Assert.Equal(
            ("raft", 3, 5, true, false),
            (
                root.GetProperty("protocol").GetString(),
                root.GetProperty("nodes").GetInt32(),
                root.GetProperty("depth").GetInt32(),
                root.GetProperty("exhausted").GetBoolean(),
                root.GetProperty("complete").GetBoolean()));
        Assert.True(root.GetProperty("states").GetInt32() > 100);
    }

    [Fact]
    public async Task A_beginning_that_is_no_scenario_is_told()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "wake m0\n", TestContext.Current.CancellationToken);

        SynodResult result = await SynodProcess.RunAsync("explore", "--from", file);

        File.Delete(file);
        Assert.Equal(1, result.Code);
        Assert.Contains("line 1: the first command is 'wake'", result.Complaints[0]);
        Assert.False(result.HasStackTrace);
    }
}
