using Synod.Cli.Bench;
using Synod.Cli.Processes;

namespace Synod.Compare;

/// <summary>Synod with one of its protocols, three node processes.</summary>
internal sealed class SynodContender : IContender
{
    private readonly ProcessCluster _cluster;

    private SynodContender(string protocol, ProcessCluster cluster)
    {
        Name = protocol;
        _cluster = cluster;
    }

    public string Name { get; }

    public static async Task<IContender> StartAsync(
        string protocol, string directory, int members, CancellationToken cancellation)
    {
        string own = Directory.CreateDirectory(Path.Combine(directory, protocol)).FullName;
        ProcessCluster cluster =
            new(own, members, "--protocol", protocol, "--machine", "register")
            {
                KeysHaveHomes = protocol == "register",
            };
        try
        {
            await cluster.StartAsync(cancellation);
            return new SynodContender(protocol, cluster);
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public async Task<BenchRow> RunAsync(
        TargetSize size, LoadShape shape, CancellationToken cancellation)
    {
        await using SynodTarget target = new(_cluster, size);
        return await Load.RunAsync(target, shape, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        return ValueTask.CompletedTask;
    }
}
