namespace Synod.Processes.Tests;

/// <summary>What is typed wrongly costs nothing but a look at the usage text.</summary>
public class WrongUsageTests
{
    private const string SeedRange = "use A..B with whole numbers, A not above B, and at most "
        + "10000000 seeds, as in 1..1000.";

    [Theory]
    [InlineData("", "Required command was not provided.")]
    [InlineData("frobnicate", "'frobnicate' is no command or option here.")]
    [InlineData("demo --nodez 3", "'--nodez' is no command or option here.")]
    [InlineData("demo --seconds 0", "--seconds is '0': use 1 to 3600.")]
    [InlineData("demo --seconds soon", "--seconds is 'soon': use 1 to 3600.")]
    [InlineData("demo --nodes 16", "--nodes is '16': use 1 to 15.")]
    [InlineData("demo --clients 0", "--clients is '0': use 1 to 1000.")]
    [InlineData(
        "demo --protocol paxi",
        "--protocol is 'paxi': use raft or paxos or epaxos or register.")]
    [InlineData("bench --clients 1,0", "--clients has '0': use 1 to 10000.")]
    [InlineData("bench --reads 101", "--reads is '101': use 0 to 100.")]
    [InlineData(
        "node 1 --machine tape",
        "--machine is 'tape': use counter or queue or register or write-once.")]
    [InlineData(
        "demo --faults kill,burn",
        "--faults is 'burn': use kill or pause or restart or roles or none.")]
    [InlineData("node", "Required argument 'number' missing for command: 'node'.")]
    [InlineData("node one", "number is 'one': use 1 to 2147483647.")]
    [InlineData("node 4", "Node is 4, which is none of Nodes (1, 2, 3): use one of these numbers.")]
    [InlineData(
        "node 1 --protocol paxi",
        "--protocol is 'paxi': use raft or paxos or epaxos or register.")]
    [InlineData("node 1 --at here", "--at has 'here', which is no address: write host:port.")]
    [InlineData("node 1 --at 127.0.0.1:1,", "--at has '', which is no address: write host:port.")]
    [InlineData(
        "node 1 --log-segment 5",
        "LogSegmentBytes is 5: use a multiple of 16384 from 8388608 to 1073741824.")]
    [InlineData(
        "node 1 --log-capacity 1",
        "LogCapacityBytes is 1: use at least two segments, 134217728.")]
    [InlineData("node 1 --lease 3601", "--lease is '3601': use 0 to 3600.")]
    [InlineData("node 1 --clock-drift 1.5", "--clock-drift is '1.5': use 0 to 500000.")]
    [InlineData(
        "node 1 --lease 0.005",
        "Lease: Promise is 00:00:00.0050000; it must be zero or 10 ms to 1 hour.")]
    [InlineData("counter", "Required command was not provided.")]
    [InlineData("counter add k many", "amount is 'many': use -9223372036854775808 to "
        + "9223372036854775807.")]
    [InlineData("counter get --timeout 0", "--timeout is '0': use 0.001 to 86400.")]
    [InlineData("counter get --from x", "--from is 'x': use 1 to 15.")]
    [InlineData("counter get --from 4", "--from is 4; the nodes are 1 to 3.")]
    [InlineData("counter watch --from 4", "--from is 4; the nodes are 1 to 3.")]
    [InlineData("counter watch --count -1", "--count is '-1': use 0 to 9223372036854775807.")]
    [InlineData("counter get --at :74", "--at has ':74', which is no address: write host:port.")]
    [InlineData("node 1 --work -1", "--work is '-1': use 0 to 1000000.")]
    [InlineData(
        "node 1 --work 5 --machine write-once",
        "--work is for the other machines, not for write-once.")]
    [InlineData("simulate --seeds 9..1", "--seeds is '9..1': " + SeedRange)]
    [InlineData("simulate --seeds 1-9", "--seeds is '1-9': " + SeedRange)]
    [InlineData("simulate --seeds -1..9", "--seeds is '-1..9': " + SeedRange)]
    [InlineData("simulate --seeds 1..99999999999", "--seeds is '1..99999999999': " + SeedRange)]
    [InlineData(
        "simulate --workload bank",
        "--workload is 'bank': use counter or queue or register or write-once or store or "
            + "transactions.")]
    [InlineData(
        "simulate --trace", "--trace, --shrink and --replay look at one run: add --seed N.")]
    [InlineData("cluster status --at nowhere:0", "--at has 'nowhere:0', which is no address: "
        + "write host:port.")]
    [InlineData("check", "Required argument 'file' missing for command: 'check'.")]
    [InlineData("check f --model stack", "--model is 'stack': use counter or kv or queue or once "
        + "or owned or lock or log or txn.")]
    [InlineData("check f --budget -1", "--budget is '-1': use 0 to 86400.")]
    public async Task Wrong_usage_is_told_once_with_the_usage_text(string arguments, string error)
    {
        SynodResult result = await SynodProcess.RunAsync(
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(
            (2, "", $"synod: {error}", true, false),
            (result.Code, result.Output, string.Join('\n', result.Complaints), result.HasUsage,
                result.HasStackTrace));
    }

    [Fact]
    public async Task Help_is_no_error()
    {
        SynodResult help = await SynodProcess.RunAsync("node", "--help");

        Assert.Equal((0, ""), (help.Code, help.Errors));
        Assert.Contains("--until-input-ends", help.Output);
    }
}
