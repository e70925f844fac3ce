namespace Synod.Simulation;

/// <summary>A line of a scenario that is no trace, and the trace that is expected below it. A
/// comment and an empty line have no command.</summary>
internal sealed record ScenarioLine(string Text, Action<ScenarioRun>? Command)
{
    public List<string> Expected { get; } = [];
}
