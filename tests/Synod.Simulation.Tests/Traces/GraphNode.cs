namespace Synod.Simulation.Tests;

/// <summary>An instance as the data of a page tells of it.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Slot">Which of its owner's.</param>
/// <param name="Holds">What it holds.</param>
/// <param name="Touches">The places of the keys that it touches.</param>
/// <param name="Decided">On what it depends as it was decided; null if it was not.</param>
/// <param name="Executed">The events with which it was executed, and whether in vain.</param>
internal sealed record GraphNode(
    int Owner,
    long Slot,
    string Holds,
    IReadOnlyList<int> Touches,
    IReadOnlyList<long>? Decided,
    IReadOnlyList<(int Event, bool IsVain)> Executed)
{
    public string Id => $"m{Owner}.{Slot}";
}
