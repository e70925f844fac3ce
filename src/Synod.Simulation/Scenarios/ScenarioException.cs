namespace Synod.Simulation;

/// <summary>A text is no scenario. Each fault names the file, the line and what is allowed
/// there.</summary>
public sealed class ScenarioException(IReadOnlyList<string> faults)
    : Exception(string.Join('\n', faults))
{
    /// <summary>The faults, in the order of the text.</summary>
    public IReadOnlyList<string> Faults => faults;
}
