using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>Where a client finds its cluster, and how it waits.</summary>
public sealed record SynodClientOptions
{
    /// <summary>The name of the cluster. Empty means whatever cluster is there, which nodes allow
    /// only to clients on their own machine.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Where the nodes listen, as <c>host:port</c>; at least one.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>The certificate that it shows, and whom it believes. Default null: no
    /// TLS.</summary>
    public SynodTlsOptions? Tls { get; init; }

    /// <summary>How it waits and tries again.</summary>
    public ClientCoreOptions Retries { get; init; } = new();
}
