using Synod.Cli;
using Synod.Cli.Processes;
using Synod.Etcd;

namespace Synod.Compare;

/// <summary>Three members of etcd on loopback, and who of them leads.</summary>
internal sealed class EtcdCluster : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new();
    private readonly EtcdProcess[] _members;

    public EtcdCluster(string program, string directory, int members)
    {
        string[] addresses = ProcessCluster.FreeAddresses(2 * members);
        (string Client, string Peer)[] places =
            [.. addresses.Take(members).Zip(addresses.Skip(members))];
        _members = [.. Enumerable.Range(0, members).Select(
            place => new EtcdProcess(program, directory, places, place))];
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
            foreach (EtcdProcess member in _members)
            {
                if (!member.IsRunning)
                    throw new CommandException($"etcd has ended and said: {member.LastWords}");
                if (await LeadsAsync(member, timeout.Token))
                    return member.Address;
            }

            await timer.WaitForNextTickAsync(timeout.Token);
        }
    }

    /// <summary>What all members together have used so far.</summary>
    public async Task<NodeUsage> UsageAsync(CancellationToken cancellation)
    {
        NodeUsage[] usages = await Task.WhenAll(
            _members.Select(member => member.UsageAsync(_http, cancellation)));
        return usages.Aggregate(default(NodeUsage), static (sum, usage) => sum + usage);
    }

    public void Dispose()
    {
        foreach (EtcdProcess member in _members)
            member.Dispose();
        _http.Dispose();
    }

    private static async Task<bool> LeadsAsync(EtcdProcess member, CancellationToken cancellation)
    {
        using EtcdClient client = new(member.Address);
        try
        {
            return await client.LeadsAsync(cancellation);
        }
        catch (EtcdException)
        {
            // It does not listen yet, or knows nobody who leads.
            return false;
        }
    }
}
