using Synod.Cli.Bench;

namespace Synod.Compare;

/// <summary>A running cluster that is compared.</summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Loads it over connections of this load's own.</summary>
    Task<BenchRow> RunAsync(TargetSize size, LoadShape shape, CancellationToken cancellation);
}
