using Synod.Cli.Processes;
using Synod.Kernel;

namespace Synod.Processes.Tests;

/// <summary>The write-once store from the command line, on real nodes.</summary>
public sealed class StoreCommandTests
{
    private static readonly string[] Options =
        ["--machine", "write-once", "--protocol", "register"];

    // P14 too: all nodes are killed and come back.
    [Fact]
    [Feature("F03")]
    [Feature("F05")]
    [Feature("F06")]
    [Feature("F07")]
    [Feature("B25")]
    public async Task Values_outlive_all_nodes_and_end_with_their_owners()
    {
        using TestCluster cluster = await TestCluster.StartAsync(3, Options);
        await SaysAsync(cluster, "a", "register put k a --wait");
        await SaysAsync(cluster, "", "register bucket other --wait");
        await SaysAsync(cluster, "c", "register put k c --bucket other --wait");
        SynodResult owner = await cluster.RunAsync("register owner open --wait");
        await SaysAsync(cluster, "1", $"register put owned 1 --owner {owner.Output} --wait");

        foreach (int node in cluster.Nodes)
            cluster[node].Kill();
        await cluster.ServeAsync();
        await SaysAsync(cluster, "a", "register put k b --wait");
        await SaysAsync(cluster, "c", "register get k --bucket other --wait");
        await SaysAsync(
            cluster,
            $"1\ngeneration g0.1  owner {owner.Output}",
            "register get owned --long --wait");

        await SaysAsync(cluster, "", $"register owner end {owner.Output} --wait");
        await SaysAsync(cluster, "none", "register get owned --default none --wait");
        SynodResult refused =
            await cluster.RunAsync($"register put owned 2 --owner {owner.Output} --wait");
        Assert.Equal(
            (1, $"synod: not done: :owner/{owner.Output} does not live."),
            (refused.Code, refused.Errors));
    }

    [Fact]
    [Feature("F09")]
    public async Task What_nobody_could_be_asked_about_is_not_said_to_be_absent()
    {
        SynodResult end = await SynodProcess.RunAsync(
            ["register", "end", "k", "--at", "127.0.0.1:1", "--timeout", "0.2"]);

        Assert.Equal(1, end.Code);
        Assert.StartsWith("synod: not done: ", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Feature("F11")]
    public async Task A_node_without_a_number_takes_the_lowest_that_does_not_run()
    {
        string at = string.Join(',', ProcessCluster.FreeAddresses(2));
        string[] words =
        [
            "node", "_", "--cluster", "helper", "--at", at, "--durability", "memory", .. Options,
        ];
        using SynodProcess first = SynodProcess.Start(words);
        await first.LineAsync("Node n1");
        using SynodProcess second = SynodProcess.Start(words);
        await second.LineAsync("Node n2");

        SynodResult third = await SynodProcess.RunAsync(words);
        Assert.Equal(
            (1, "synod: the nodes 1 to 2 of this cluster run already. Name more with --at."),
            (third.Code, third.Errors.Split('\n')[^1]));

        first.Terminate();
        await first.ExitAsync();
        using SynodProcess again = SynodProcess.Start(words);
        await again.LineAsync("Node n1");
    }

    private static async Task SaysAsync(TestCluster cluster, string output, string words)
    {
        SynodResult result = await cluster.RunAsync(words);
        Assert.Equal((0, output, ""), (result.Code, result.Output, result.Errors));
    }
}
