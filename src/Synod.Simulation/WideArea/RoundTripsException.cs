namespace Synod.Simulation;

/// <summary>A text is no matrix of round trips. Each fault names the row and the column and what is
/// allowed there.</summary>
public sealed class RoundTripsException(IReadOnlyList<string> faults)
    : Exception(string.Join('\n', faults))
{
    /// <summary>The faults, in the order of the text.</summary>
    public IReadOnlyList<string> Faults => faults;
}
