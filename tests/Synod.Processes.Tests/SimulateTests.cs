using System.Text.Json;

namespace Synod.Processes.Tests;

/// <summary>The simulator from the command line.</summary>
public sealed class SimulateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synod-simulate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Many_seeds_end_in_one_line_of_json_and_histories_that_hold()
    {
        SynodResult result = await SynodProcess.RunAsync(
            "simulate", "--seeds", "3..6", "--seconds", "2", "--workload", "register", "--history",
            _folder.FullName, "--json");

        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement root = json.RootElement;
        Assert.Equal((0, ""), (result.Code, result.Errors));
        Assert.Equal(
            (4, 0, JsonValueKind.Null),
            (
                root.GetProperty("seeds").GetInt32(),
                root.GetProperty("violations").GetInt32(),
                root.GetProperty("firstBadSeed").ValueKind));
        Assert.True(root.GetProperty("virtualSeconds").GetDouble() > 8);
        Assert.True(root.GetProperty("steps").GetInt64() > 1000);
        FileInfo[] histories = _folder.GetFiles("seed-*.jsonl");
        Assert.Equal(4, histories.Length);
        foreach (FileInfo history in histories)
            Assert.Equal(0, (await SynodProcess.RunAsync("check", history.FullName)).Code);
    }

    [Fact]
    public async Task One_seed_can_be_looked_at()
    {
        string page = Path.Combine(_folder.FullName, "run.html");

        SynodResult result = await SynodProcess.RunAsync(
            "simulate", "--seed", "7", "--seconds", "4", "--trace", "--replay", page);

        string html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Assert.Equal(0, result.Code);
        Assert.Contains("AppendEntries", result.Output);
        Assert.Contains("1 seeds of raft with 3 nodes: 0 violations", result.Output);
        Assert.Contains("--seconds 4 --seed 7", html);
        Assert.DoesNotContain("src=\"http", html);
        Assert.DoesNotContain("href=\"http", html);
    }

    [Fact]
    public async Task Nothing_can_be_simulated_without_faults_too()
    {
        SynodResult result = await SynodProcess.RunAsync(
            "simulate", "--seeds", "1..2", "--seconds", "3", "--faults", "none", "--nodes", "1");

        Assert.Equal((0, ""), (result.Code, result.Errors));
    }
}
