using Synod.Cli;
using Synod.Cli.Processes;

namespace Synod.Compare.Rivals;

/// <summary>The members of a cluster of another system on loopback, and who of them leads.
/// </summary>
internal sealed class RivalCluster(string name, IReadOnlyList<RivalProcess> members) : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(50);

    public string Name => name;

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
            foreach (RivalProcess member in members)
            {
                if (!member.IsRunning)
                    throw new CommandException($"{name} has ended and said: {member.LastWords}");
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
            members.Select(member => member.UsageAsync(cancellation)));
        return usages.Aggregate(default(NodeUsage), static (sum, usage) => sum + usage);
    }

    public void Dispose()
    {
        foreach (RivalProcess member in members)
            member.Dispose();
    }
}
