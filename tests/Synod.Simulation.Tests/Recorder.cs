namespace Synod.Simulation.Tests;

/// <summary>Keeps all that happens.</summary>
internal sealed class Recorder : ITraceSink
{
    public List<TraceEvent> Events { get; } = [];

    public void Add(in TraceEvent happened) => Events.Add(happened);

    /// <summary>Who leads at a time, as it last said itself.</summary>
    public int LeaderAt(TimeSpan time) => (int)Events
        .Where(happened => happened.Kind == TraceKind.Role && happened.At.Ticks <= time.Ticks)
        .Last(static happened => happened.Text.StartsWith("Leading", StringComparison.Ordinal))
        .Node.Number;
}
