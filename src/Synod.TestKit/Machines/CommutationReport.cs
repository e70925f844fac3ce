namespace Synod.TestKit;

/// <summary>What a <see cref="CommutationChecker"/> has found.</summary>
/// <param name="Pairs">How many pairs did not conflict by their footprints, and were tried. Few of
/// them show little: draw more different keys.</param>
/// <param name="Violation">A pair that does not commute, and how that shows; null if none was
/// found.</param>
public sealed record CommutationReport(int Pairs, string? Violation)
{
    /// <summary>Whether pairs were tried and all of them commute.</summary>
    public bool Holds => Pairs > 0 && Violation is null;
}
