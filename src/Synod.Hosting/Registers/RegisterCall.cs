namespace Synod.Hosting;

/// <summary>How a call to the store is made.</summary>
public record RegisterCall
{
    /// <summary>The bucket that is always there.</summary>
    public const string DefaultBucket = "default";

    /// <summary>In which bucket the key is. The same key in another bucket is another key. Default
    /// <c>default</c>, which need not be created.</summary>
    public string Bucket { get; init; } = DefaultBucket;

    /// <summary>What to do while no majority answers. Default
    /// <see cref="NoQuorumPolicy.Return"/>.</summary>
    public NoQuorumPolicy NoQuorum { get; init; }

    /// <summary>How long the call may take, from 1 ms. Null, which is the default: as long as the
    /// client gives a call (<see cref="Runtime.ClientCoreOptions.Timeout"/>), or for ever with
    /// <see cref="NoQuorumPolicy.Wait"/>.</summary>
    public TimeSpan? TimeLimit { get; init; }
}
