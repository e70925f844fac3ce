using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

/// <summary>A start that waits for all members or for a majority, and not for ever.</summary>
public class StartConditionTests
{
    private const int Nodes = 3;

    // Long where it is to succeed, whatever else the machine has to do.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private readonly string[] _addresses = ProcessCluster.FreeAddresses(Nodes);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("B03")]
    public async Task All_or_a_majority_are_waited_for_and_who_is_missing_is_told(string protocol)
    {
        await using SynodNode first = Start(1, protocol);
        Assert.Equal(
            new StartOutcome.Reached(), await WaitAsync(first, StartCondition.None, Short));
        Assert.Equal(
            new StartOutcome.TimedOut(
                "g1 is not created, since not all its members were there"),
            await WaitAsync(first, StartCondition.Minimum, Short));

        await using SynodNode second = Start(2, protocol);
        SynodNode third = Start(3, protocol);
        foreach (SynodNode node in (SynodNode[])[first, second, third])
        {
            Assert.Equal(
                new StartOutcome.Reached(), await WaitAsync(node, StartCondition.All, Long));
        }

        await third.DisposeAsync();
        Assert.IsType<StartOutcome.Stopped>(await WaitAsync(third, StartCondition.All, Long));
        await Soon.Until(
            async () => await WaitAsync(first, StartCondition.All, Short)
                as StartOutcome.TimedOut,
            static () => "nobody misses a node that has stopped");
        Assert.Equal(
            new StartOutcome.TimedOut("g1 has 2 of 3 members and needs 3"),
            await WaitAsync(first, StartCondition.All, Short));
        Assert.Equal(
            new StartOutcome.Reached(), await WaitAsync(first, StartCondition.Minimum, Long));
    }

    [Theory]
    [ClassData(typeof(EachProtocol))]
    [Feature("B03")]
    public async Task A_host_that_waits_in_vain_does_not_start_and_says_why(string protocol)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddSynod(new Counter(), options =>
        {
            Configure(options, 1, protocol);
            options.StartCondition = StartCondition.Minimum;
            options.StartTimeout = Short;
        });
        using IHost host = builder.Build();

        NodeStartException failure = await Assert.ThrowsAsync<NodeStartException>(
            () => host.StartAsync(Cancellation));

        Assert.Equal(
            "n1 waited 0.05 s for minimum members: g1 is not created, since not all its members "
            + "were there. Nothing was lost. Start the others, or wait longer.",
            failure.Message);
        Assert.True(host.Services.GetRequiredService<SynodNode>().Ended.IsCompletedSuccessfully);
    }

    private SynodNode Start(int number, string protocol)
    {
        SynodOptions options = new();
        Configure(options, number, protocol);
        SynodNode node = new(options, new Counter(), NullLogger<SynodNode>.Instance);
        node.Start();
        return node;
    }

    private void Configure(SynodOptions options, int number, string protocol)
    {
        options.Cluster = "starting";
        options.Node = number;
        options.Protocol = protocol;
        options.Durability = Durability.Memory;
        for (int node = 1; node <= Nodes; node++)
            options.Nodes[node] = _addresses[node - 1];
    }

    private static Task<StartOutcome> WaitAsync(
        SynodNode node, StartCondition condition, TimeSpan limit) =>
        node.WaitAsync(condition, limit, Cancellation);
}
