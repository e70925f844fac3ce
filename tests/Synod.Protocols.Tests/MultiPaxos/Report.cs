using Synod.Kernel;
using Synod.MultiPaxos;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>A page of a promise, with its commands.</summary>
internal sealed record Report(Ballot Ballot)
{
    public long From { get; init; } = 1;

    /// <summary>The highest slot of the sender; by default the last of the page.</summary>
    public long? Last { get; init; }

    public long Chosen { get; init; }

    public KernelHealth Health { get; init; }

    public IReadOnlyList<Told> Slots { get; init; } = [];

    public byte[] Frame() =>
        MultiPaxosFrames.Encode(Message(MultiPaxosFrames.Heads(Slots)), Slots);

    private Promise Message(ReadOnlySpan<MultiPaxosSlotHead> slots) => new()
    {
        Ballot = Ballot,
        From = new LogIndex(From),
        Last = new LogIndex(Last ?? unchecked(From - 1 + slots.Length)),
        Chosen = new LogIndex(Chosen),
        Health = Health,
        Slots = slots,
    };
}
