using System.Text.Json;

namespace Synod.Processes.Tests;

/// <summary>Scenarios from the command line.</summary>
public sealed class ScenarioTests : IDisposable
{
    private const string Story = "nodes 1 protocol raft\nstart\nwake m0\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synod-scenario-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_trace_that_differs_is_shown_and_written_when_asked_for()
    {
        string file = await WriteAsync(Story);

        SynodResult different = await SynodProcess.RunAsync("scenario", file);
        SynodResult updated = await SynodProcess.RunAsync("scenario", file, "--update");
        SynodResult equal = await SynodProcess.RunAsync("scenario", file);

        string text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal((1, 0, 0), (different.Code, updated.Code, equal.Code));
        Assert.Contains("@@ -1,3 +1,10 @@", different.Output);
        Assert.Contains("\n+    persist r1 vote t1 for m0\n", different.Output);
        Assert.Contains("\n    persist r1 vote t1 for m0\n", text);
        Assert.Equal(text.TrimEnd(), equal.Output);
    }

    [Fact]
    public async Task An_expectation_that_fails_is_never_written_over()
    {
        string file = await WriteAsync(Story + "expect m0 leading\n");

        SynodResult result = await SynodProcess.RunAsync("scenario", file, "--update", "--json");

        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal(1, result.Code);
        Assert.Equal(1, json.RootElement.GetProperty("bad").GetInt32());
        Assert.Equal(
            "m0 is Campaigning, expected Leading",
            json.RootElement.GetProperty("scenarios")[0].GetProperty("failure").GetString());
        Assert.Equal(
            Story + "expect m0 leading\n",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_a_malformed_file_all_faults_are_told_and_nothing_runs()
    {
        string good = await WriteAsync(Story);
        string bad = Path.Combine(_folder.FullName, "bad.txt");
        await File.WriteAllTextAsync(
            bad, Story + "sleep\nwake m1\n", TestContext.Current.CancellationToken);

        SynodResult result = await SynodProcess.RunAsync("scenario", good, bad, "--update");

        Assert.Equal((4, ""), (result.Code, result.Output));
        Assert.Equal(2, result.Complaints.Length);
        Assert.Contains("bad.txt, line 4: 'sleep' is no command: use ", result.Complaints[0]);
        Assert.Contains("line 5: 'm1' is no member: use m0; write 'wake", result.Complaints[1]);
    }

    private async Task<string> WriteAsync(string text)
    {
        string file = Path.Combine(_folder.FullName, "story.txt");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }
}
