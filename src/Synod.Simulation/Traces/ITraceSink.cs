namespace Synod.Simulation;

/// <summary>Is told all that happens in a run, in order. Called by the thread that runs
/// it.</summary>
public interface ITraceSink
{
    /// <summary>One more thing has happened.</summary>
    void Add(in TraceEvent happened);
}
