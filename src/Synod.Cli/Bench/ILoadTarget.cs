using Synod.Cli.Processes;

namespace Synod.Cli.Bench;

/// <summary>What is put under load: a cluster, and the connections to it.</summary>
internal interface ILoadTarget
{
    /// <summary>How many connections the clients share.</summary>
    int Connections { get; }

    /// <summary>One call of a client: writes or reads its key. Safe for use from any
    /// thread.</summary>
    ValueTask<CallEnd> CallAsync(int client, bool isRead);

    /// <summary>What all its servers have used so far.</summary>
    Task<NodeUsage> UsageAsync(CancellationToken cancellation);
}
