using System.Text.Json;
using Synod.Cli.Demo;
using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Processes.Tests;

/// <summary>The demo as a user runs it: the acceptance of the whole slice.</summary>
public class DemoTests
{
    [Fact]
    public async Task Killing_the_leader_of_three_loses_nothing()
    {
        string file = Path.GetTempFileName();

        SynodResult demo = await RunAsync(
            "--protocol raft --nodes 3 --clients 8 --seconds 6 --faults kill --json "
            + $"--history {file}");

        JsonElement report = Report(demo);
        Assert.Equal(
            ("raft", 3, 8, 0, true, true),
            (report.GetProperty("protocol").GetString(), Number(report, "nodes"),
                Number(report, "clients"), Number(report, "lost"),
                report.GetProperty("linearizable").GetBoolean(),
                report.GetProperty("digestsEqual").GetBoolean()));
        Assert.True(Number(report, "kills") >= 1, demo.Output);
        Assert.True(Number(report, "acknowledged") > 100, demo.Output);
        CheckHistory(file, report);
        File.Delete(file);
    }

    [Fact]
    public async Task Killing_the_leader_of_five_loses_nothing()
    {
        SynodResult demo = await RunAsync("--nodes 5 --clients 4 --seconds 4 --json");

        JsonElement report = Report(demo);
        Assert.Equal(
            (5, 0, true),
            (Number(report, "nodes"), Number(report, "lost"),
                report.GetProperty("linearizable").GetBoolean()));
        Assert.True(Number(report, "kills") >= 1, demo.Output);
    }

    // Two clients share a counter, others do not. How short the gap is only a machine shows that
    // does nothing else.
    [Theory]
    [InlineData("epaxos")]
    [InlineData("register")]
    [Feature("A04")]
    public async Task Where_nobody_leads_any_node_is_killed_and_nothing_is_lost(string protocol)
    {
        SynodResult demo = await RunAsync(
            $"--protocol {protocol} --clients 8 --keys 4 --seconds 6 --faults kill --json");

        JsonElement report = Report(demo);
        Assert.Equal(
            (protocol, 4, 0, true, true),
            (report.GetProperty("protocol").GetString(), Number(report, "keys"),
                Number(report, "lost"), report.GetProperty("linearizable").GetBoolean(),
                report.GetProperty("digestsEqual").GetBoolean()));
        Assert.True(Number(report, "kills") >= 1, demo.Output);
        Assert.True(Number(report, "acknowledged") > 100, demo.Output);
        Assert.True(report.GetProperty("longestKeyGapMs").GetDouble() > 0, demo.Output);
    }

    [Fact]
    public async Task A_single_node_that_is_killed_comes_back_and_the_demo_ends()
    {
        SynodResult demo = await RunAsync("--nodes 1 --clients 2 --seconds 4 --json");

        JsonElement report = Report(demo);
        Assert.Equal((1, 0), (Number(report, "nodes"), Number(report, "lost")));
        Assert.True(Number(report, "kills") >= 1, demo.Output);
    }

    [Fact]
    public async Task Leaders_that_are_told_to_stop_hand_over_and_nothing_is_lost()
    {
        SynodResult demo = await RunAsync("--clients 4 --seconds 5 --faults restart --json");

        JsonElement report = Report(demo);
        Assert.Equal(
            (0, true),
            (Number(report, "lost"), report.GetProperty("linearizable").GetBoolean()));
        Assert.True(Number(report, "restarts") >= 1, demo.Output);
        TestContext.Current.TestOutputHelper?.WriteLine(demo.Output);
    }

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("B22")]
    public async Task Every_part_of_every_node_crashes_alone_and_nothing_is_lost(string protocol)
    {
        SynodResult demo = await RunAsync(
            $"--protocol {protocol} --clients 4 --seconds 5 --faults roles --json");

        JsonElement report = Report(demo);
        Assert.Equal(
            (0, 0, true),
            (Number(report, "lost"), Number(report, "unknown"),
                report.GetProperty("linearizable").GetBoolean()));
        JsonElement roles = report.GetProperty("roles");
        string[] crashed = protocol is not ("raft" or "paxos")
            ? ["memberReplica", "memberMachine"]
            : ["leaderReplica", "followerReplica", "leaderMachine", "followerMachine"];
        Assert.All(
            crashed,
            role => Assert.True(Number(roles, role) >= 1, demo.Output));
        Assert.True(Number(report, "acknowledged") > 100, demo.Output);
    }

    [Fact]
    public async Task A_silent_leader_is_replaced_and_the_text_says_what_a_kill_does_not_show()
    {
        SynodResult demo = await RunAsync("--clients 2 --seconds 4 --faults pause");

        Assert.Equal(("", 0), (demo.Errors, demo.Code));
        Assert.Contains("Lost: 0. Order: linearizable. Replicas: equal.", demo.Output);
        Assert.Contains("leaders paused", demo.Output);
        Assert.Contains("What it does not show: a killed process leaves ", demo.Output);
        Assert.DoesNotContain("\e[", demo.Output);
    }

    [Fact]
    public async Task A_history_that_cannot_be_written_is_told_before_anything_starts()
    {
        SynodResult demo = await RunAsync("--history /nowhere/history.jsonl");

        Assert.Equal(
            (1, "", "synod: --history cannot be written: Could not find a part of the path "
                + "'/nowhere/history.jsonl'."),
            (demo.Code, demo.Output, demo.Errors));
    }

    private static Task<SynodResult> RunAsync(string arguments) =>
        SynodProcess.RunAsync(["demo", .. arguments.Split(' ')]);

    private static JsonElement Report(SynodResult demo)
    {
        Assert.Equal(("", 0), (demo.Errors, demo.Code));
        return JsonDocument.Parse(demo.Output.Split('\n')[^1]).RootElement;
    }

    private static int Number(JsonElement report, string name) =>
        report.GetProperty(name).GetInt32();

    private static void CheckHistory(string file, JsonElement report)
    {
        using StreamReader reader = File.OpenText(file);
        History history = History.Read(reader);
        int final = Number(report, "finalValue");

        Assert.Equal(("counter", "raft"), (history.Model, history.Protocol));
        Assert.Equal(
            new CounterVerdict(Number(report, "acknowledged"), Number(report, "unknown"), 0, null),
            CounterVerdict.Of(history.Operations, final));
        Assert.IsType<CheckResult.Linearizable>(LinearizabilityChecker.Check(history));
    }
}
