namespace Synod.Cli.Bench;

/// <summary>Decides when calls begin.</summary>
internal interface ILoop
{
    /// <summary>Calls until it is told to stop; complete when every call has ended.</summary>
    Task RunAsync(LoadCounts counts, CancellationToken stop);
}
