using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Synod.Cli.Processes;

namespace Synod.Processes.Tests;

/// <summary>A node that cannot start says what, where and what to do, and ends.</summary>
public class NodeStartTests
{
    [Fact]
    public Task A_directory_without_a_parent_is_refused() => RefusesAsync(
        static alone => alone with { Data = Path.Combine(alone.Folder, "a", "b") },
        static alone => $"The data directory {alone.Folder}/a/b cannot be used: its parent "
            + $"directory {alone.Folder}/a does not exist; create it first.");

    [Fact]
    public async Task A_file_in_the_place_of_the_directory_is_refused()
    {
        using Alone alone = new();
        await File.WriteAllTextAsync(
            alone.Data, "precious", TestContext.Current.CancellationToken);

        SynodResult result = await alone.RunAsync();

        AssertRefused(result, $"The data directory {alone.Data} cannot be used: ");
        Assert.Equal("precious", File.ReadAllText(alone.Data));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using Alone alone = new();
        using TcpListener other = new(IPEndPoint.Parse(alone.At));
        other.Start();

        SynodResult result = await alone.RunAsync();

        AssertRefused(result, $"the port of {alone.At} is in use: another process listens there");
    }

    [Fact]
    public Task An_address_that_others_can_reach_is_refused() => RefusesAsync(
        static alone => alone with { At = "0.0.0.0:7499" },
        static _ => "0.0.0.0:7499 is reachable from other machines and there is no TLS");

    [Fact]
    public async Task A_directory_in_use_is_refused_and_its_owner_goes_on()
    {
        using Alone alone = new();
        using SynodProcess owner = SynodProcess.Start(alone.Arguments);
        await owner.LineAsync("serves in");

        SynodResult result = await alone.RunAsync();

        AssertRefused(result, $"The data directory {alone.Data} is in use by process ");
        Assert.True(owner.IsRunning);
        Assert.Equal("1", await alone.AddAsync());
    }

    [Fact]
    public async Task The_directory_of_another_node_is_refused_and_left_alone()
    {
        using Alone alone = new();
        string before = await alone.LiveAsync();
        string other = ProcessCluster.FreeAddresses(1)[0];

        SynodResult node = await SynodProcess.RunAsync(
            "node", "2", "--cluster", "alone", "--at", $"{alone.At},{other}", "--data", alone.Data);
        SynodResult cluster = await (alone with { Cluster = "other" }).RunAsync();

        string refusal = $"The data directory {alone.Data} cannot be used: it belongs to";
        AssertRefused(node, $"{refusal} node n1, not to node n2.");
        AssertRefused(cluster, $"{refusal} cluster ");
        Assert.Equal(before, alone.Snapshot());
    }

    [Fact]
    public async Task A_damaged_identity_is_refused()
    {
        using Alone alone = new();
        await alone.LiveAsync();
        string identity = Path.Combine(alone.Data, "identity");
        File.WriteAllText(identity, File.ReadAllText(identity).Replace("node 1", "node 7"));

        SynodResult result = await alone.RunAsync();

        AssertRefused(result, $"{identity} is damaged: its checksum is wrong.");
    }

    [Fact]
    public async Task A_log_of_a_newer_format_is_refused_and_left_alone()
    {
        using Alone alone = new();
        await alone.LiveAsync();
        string log = Directory.GetFiles(Path.Combine(alone.Data, "log")).Order().First();
        byte[] newer = Newer(File.ReadAllBytes(log));
        File.WriteAllBytes(log, newer);

        SynodResult result = await alone.RunAsync();

        AssertRefused(result, "");
        Assert.Contains("version 2", result.Errors);
        Assert.Contains("release", result.Errors);
        Assert.Equal(newer, File.ReadAllBytes(log));
    }

    [Fact]
    public async Task A_log_that_is_gone_is_not_begun_anew_under_the_old_name()
    {
        using Alone alone = new();
        await alone.LiveAsync();
        string log = Path.Combine(alone.Data, "log");
        Directory.Delete(log, recursive: true);

        SynodResult result = await alone.RunAsync();

        AssertRefused(result, $"{log}: the log is damaged. There are 0 segments and not one ");
        Assert.Empty(Directory.GetFiles(log));
    }

    private static async Task RefusesAsync(Func<Alone, Alone> change, Func<Alone, string> error)
    {
        using Alone alone = new();
        Alone changed = change(alone);

        SynodResult result = await changed.RunAsync();

        AssertRefused(result, error(changed));
    }

    private static void AssertRefused(SynodResult result, string error)
    {
        Assert.StartsWith($"synod: {error}", Assert.Single(result.Complaints));
        Assert.Equal(
            (1, "", false, false),
            (result.Code, result.Output, result.HasUsage, result.HasStackTrace));
    }

    // The version stands at 8, the length of the header at 10, and its checksum is its end.
    private static byte[] Newer(byte[] log)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(log.AsSpan(8), 2);
        int end = BinaryPrimitives.ReadUInt16LittleEndian(log.AsSpan(10)) - sizeof(uint);
        uint crc = uint.MaxValue;
        foreach (byte value in log.AsSpan(0, end))
            crc = BitOperations.Crc32C(crc, value);
        BinaryPrimitives.WriteUInt32LittleEndian(log.AsSpan(end), ~crc);
        return log;
    }
}
