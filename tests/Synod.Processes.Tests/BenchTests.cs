using System.Text.Json;
using Synod.Kernel;

namespace Synod.Processes.Tests;

/// <summary>The bench as a user runs it. What it measures is not tested, only that it
/// does.</summary>
public class BenchTests
{
    [Fact]
    public async Task A_row_for_each_count_of_clients_says_what_a_command_costs()
    {
        SynodResult bench = await RunAsync(
            "--clients 1,8 --connections 2 --payload 100 --reads 50 --seconds 1 --warm-up 0.5 "
            + "--json");

        Assert.Equal(("", 0), (bench.Errors, bench.Code));
        JsonElement report = JsonDocument.Parse(bench.Output.Split('\n')[^1]).RootElement;
        JsonElement[] rows = [.. report.GetProperty("rows").EnumerateArray()];
        Assert.Equal([(1, 1), (8, 2)], rows.Select(static row =>
            ((int)Number(row, "clients"), (int)Number(row, "connections"))));
        Assert.All(rows, static row => Assert.Equal(
            ("raft", "fsync", 0.0),
            (row.GetProperty("protocol").GetString(), row.GetProperty("durability").GetString(),
                Number(row, "failures"))));
        foreach (string field in (string[])[
            "opsPerSecond", "p50Us", "p99Us", "p999Us", "cpuUsPerOp", "clientCpuUsPerOp",
            "allocatedBytesPerOp", "workingSetBytes", "flushesPerOp", "sentBytesPerOp",
            "diskBytesPerOp", "flushUs", "flushTogetherUs", "roundTripUs", "payloadBytes",
        ])
        {
            Assert.All(rows, row => Assert.True(Number(row, field) > 0, bench.Output));
        }

        JsonElement machine = report.GetProperty("machine");
        foreach (string field in (string[])["flushUs", "flushTogetherUs", "roundTripUs"])
            Assert.True(Number(machine, field) > 0, bench.Output);
    }

    [Fact]
    public async Task The_table_stands_below_the_machine()
    {
        string page = Path.GetTempFileName();
        SynodResult bench = await RunAsync(
            "--nodes 1 --groups 1,3 --clients 2 --rate 0,500 --seconds 0.3 --warm-up 0 "
            + $"--report {page}");

        Assert.Equal(("", 0), (bench.Errors, bench.Code));
        Assert.Contains("two round trips and a flush ", bench.Output);
        Assert.Contains("raft, 1 node processes and one client process, fsync", bench.Output);
        Assert.Contains("server CPU us/op", bench.Output);
        Assert.DoesNotContain("\e[", bench.Output);
        string html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        File.Delete(page);
        Assert.Contains("<h2>Along groups</h2>", html);
        Assert.Contains("<h2>Along calls begun/s</h2>", html);
        Assert.Equal(13, html.Split("</svg>").Length - 1);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("unsafe-no-flush")]
    [Feature("C09")]
    public async Task Weaker_durability_is_named_beside_every_number(string durability)
    {
        SynodResult bench = await RunAsync(
            $"--nodes 1 --clients 2 --seconds 0.5 --warm-up 0 --durability {durability} --json");

        Assert.Equal(("", 0), (bench.Errors, bench.Code));
        JsonElement report = JsonDocument.Parse(bench.Output.Split('\n')[^1]).RootElement;
        JsonElement row = Assert.Single(report.GetProperty("rows").EnumerateArray());
        Assert.Equal(durability, row.GetProperty("durability").GetString());
        Assert.True(Number(row, "opsPerSecond") > 0, bench.Output);
    }

    private static Task<SynodResult> RunAsync(string arguments) =>
        SynodProcess.RunAsync(["bench", .. arguments.Split(' ')]);

    private static double Number(JsonElement element, string name) =>
        element.GetProperty(name).GetDouble();
}
