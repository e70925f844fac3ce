using System.Globalization;
using Synod.Cli;
using Synod.Cli.Processes;

namespace Synod.Compare.ZooKeeper;

/// <summary>Three members of a ZooKeeper ensemble on loopback, and who of them leads.</summary>
internal sealed class ZooKeeperCluster : IDisposable
{
    private const int PortsEach = 3;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly ZooKeeperProcess[] _members;

    public ZooKeeperCluster(string library, string directory, int members)
    {
        (int Client, int Peer, int Vote)[] ports =
        [
            .. ProcessCluster.FreeAddresses(PortsEach * members)
                .Select(static address => int.Parse(
                    address.AsSpan(address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture))
                .Chunk(PortsEach)
                .Select(static own => (own[0], own[1], own[2])),
        ];
        _members = [.. Enumerable.Range(0, members).Select(
            place => new ZooKeeperProcess(library, directory, ports, place))];
    }

    /// <summary>Waits until a member leads.</summary>
    /// <returns>Where it is reached.</returns>
    public async Task<string> FindLeaderAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource timeout =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(StartTimeout);
        using PeriodicTimer timer = new(AskAgainAfter);
        while (true)
        {
            foreach (ZooKeeperProcess member in _members)
            {
                if (!member.IsRunning)
                    throw new CommandException("a member of ZooKeeper has ended.");
                if (await member.LeadsAsync(timeout.Token))
                    return member.Address;
            }

            await timer.WaitForNextTickAsync(timeout.Token);
        }
    }

    /// <summary>What all members together have used so far.</summary>
    public async Task<NodeUsage> UsageAsync(CancellationToken cancellation)
    {
        NodeUsage[] usages = await Task.WhenAll(
            _members.Select(member => member.UsageAsync(cancellation)));
        return usages.Aggregate(default(NodeUsage), static (sum, usage) => sum + usage);
    }

    public void Dispose()
    {
        foreach (ZooKeeperProcess member in _members)
            member.Dispose();
    }
}
