namespace Synod.Protocols.Tests.Groups.Properties;

/// <summary>What a random schedule draws for the knobs of a protocol.</summary>
/// <param name="PerMessageMax">The most entries or slots in one message.</param>
/// <param name="BytesPerMessageMax">The most command bytes in one message.</param>
/// <param name="InFlightMessagesMax">The most messages on their way to one follower.</param>
/// <param name="InFlightBytesMax">The most bytes on their way to one follower.</param>
/// <param name="UncommittedBytesMax">The most bytes that wait at a leader.</param>
/// <param name="ForwardsProposals">Whether followers pass commands on.</param>
/// <param name="AheadMax">How far a leader proposes beyond what is chosen, where that is bounded.
/// </param>
internal sealed record GroupLimits(
    int PerMessageMax,
    int BytesPerMessageMax,
    int InFlightMessagesMax,
    long InFlightBytesMax,
    long UncommittedBytesMax,
    bool ForwardsProposals,
    int AheadMax);
