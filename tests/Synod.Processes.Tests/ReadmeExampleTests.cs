using Microsoft.Extensions.Hosting;
using Synod.Abstractions;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

public sealed class ReadmeExampleTests
{
    [Fact]
    public async Task The_example_of_the_readme_counts_a_visit()
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        DirectoryInfo parent = Directory.CreateTempSubdirectory("synod-readme-");
        try
        {
            string directory = Path.Combine(parent.FullName, "n1");
            string address = ProcessCluster.FreeAddresses(1)[0];
            string text = await CountAsync(directory, address, timeout.Token);

            Assert.Equal("1 visits", text);
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    private static async Task<string> CountAsync(
        string directory, string address, CancellationToken cancellation)
    {
        // snippet: embedding
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddSynod(new Counter(), options =>
        {
            options.Cluster = "shop";
            options.Node = 1;
            options.Nodes[1] = address;
            options.DataDirectory = directory;
        });
        using IHost host = builder.Build();
        await host.StartAsync(cancellation);

        await using SynodClient client = new(
            new SynodClientOptions { Cluster = "shop", Nodes = [address] }, new Counter());
        Outcome<long> outcome = await client.ExecuteAsync("visits", new Add(1), cancellation);
        string text = outcome switch
        {
            Outcome<long>.Applied applied => $"{applied.Result} visits",
            Outcome<long>.Unknown => "may have happened, and may still happen, once",
            _ => $"certainly did not happen: {outcome}",
        };

        // end-snippet
        await host.StopAsync(cancellation);
        return text;
    }
}
