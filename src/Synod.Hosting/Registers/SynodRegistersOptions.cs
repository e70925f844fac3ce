namespace Synod.Hosting;

/// <summary>The write-once store in a host that has a node.</summary>
public sealed class SynodRegistersOptions
{
    /// <summary>The group that runs <see cref="WriteOnce"/>. Default 1.</summary>
    public ulong Group { get; set; } = 1;

    /// <summary>How long values that live with this node outlive its last word, by the clocks of a
    /// majority. It is renewed three times in that time. Default 10 s, from 100 ms.</summary>
    public TimeSpan NodeTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the host has started only when a majority is there and values can live with
    /// this node; what is added after the store starts after that. Default true. Hosts that wait
    /// for each other must be started at the same time.</summary>
    public bool WaitsForQuorum { get; set; } = true;

    /// <summary>The certificate with which the store calls the nodes. Null, which is the default,
    /// means that of the node, which must then name <c>synod:client</c> as well.</summary>
    public SynodTlsOptions? Tls { get; set; }
}
