using Synod.Kernel;
using Synod.MultiPaxos;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>A page of what is chosen, with its commands.</summary>
internal sealed record Lesson(Ballot Ballot)
{
    public long From { get; init; } = 1;

    /// <summary>Up to where the sender knows; by default the last slot of the page.</summary>
    public long? Chosen { get; init; }

    public IReadOnlyList<Told> Slots { get; init; } = [];

    public byte[] Frame() =>
        MultiPaxosFrames.Encode(Message(MultiPaxosFrames.Heads(Slots)), Slots);

    private Learned Message(ReadOnlySpan<MultiPaxosSlotHead> slots) => new()
    {
        Ballot = Ballot,
        From = new LogIndex(From),
        Chosen = new LogIndex(Chosen ?? unchecked(From - 1 + slots.Length)),
        Slots = slots,
    };
}
