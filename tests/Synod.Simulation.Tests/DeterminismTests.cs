using System.Diagnostics;
using System.Text.Json;

namespace Synod.Simulation.Tests;

/// <summary>The same seed gives the same run, byte for byte.</summary>
public sealed class DeterminismTests
{
    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    [InlineData("epaxos")]
    [InlineData("register")]
    public async Task Two_processes_see_the_same_runs(string protocol)
    {
        string[] arguments =
            ["simulate", "--protocol", protocol, "--seeds", "1..2", "--json"];

        string[] digests = await Task.WhenAll(DigestOf(arguments), DigestOf(arguments));

        Assert.Equal(digests[0], digests[1]);
        Assert.Equal(16, digests[0].Length);
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    [InlineData("epaxos")]
    [InlineData("register")]
    public void Two_runs_tell_the_same_story(string protocol)
    {
        (string first, ulong firstDigest) = StoryOf(protocol, seed: 3);
        (string second, ulong secondDigest) = StoryOf(protocol, seed: 3);
        (string other, ulong otherDigest) = StoryOf(protocol, seed: 4);

        Assert.Equal((first, firstDigest), (second, secondDigest));
        Assert.NotEqual((first, firstDigest), (other, otherDigest));
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    [InlineData("epaxos")]
    [InlineData("register")]
    public void Whoever_listens_changes_nothing(string protocol)
    {
        SimulationOptions options = Setup.Options(protocol, seconds: 2);

        Assert.Equal(
            Simulator.Run(options, 5).TraceDigest,
            Simulator.Run(options, 5, new Recorder()).TraceDigest);
    }

    private static (string Story, ulong Digest) StoryOf(string protocol, ulong seed)
    {
        using StringWriter story = new();
        SimulationReport report =
            Simulator.Run(Setup.Options(protocol, seconds: 2), seed, new TextTrace(story));
        return (story.ToString(), report.TraceDigest);
    }

    private static async Task<string> DigestOf(string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "synod");
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException(program);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("traceDigest").GetString() ?? "";
    }
}
