namespace Synod.Simulation;

/// <summary>A site that is lost in a wide-area run, or its member alone.</summary>
/// <param name="Site">The site, by its place in the matrix.</param>
/// <param name="At">How long after the measuring began.</param>
/// <param name="KeepsClients">Whether only the member is lost, and its clients go to
/// others.</param>
public sealed record WideAreaLoss(int Site, TimeSpan At, bool KeepsClients = false);
