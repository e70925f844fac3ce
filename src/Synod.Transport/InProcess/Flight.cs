namespace Synod.Transport;

/// <summary>A frame under way.</summary>
/// <param name="Lane">Its way.</param>
/// <param name="Frame">Its bytes.</param>
/// <param name="Due">After how many deliveries of the network it may arrive.</param>
internal sealed record Flight(Lane Lane, byte[] Frame, long Due);
