using Synod.Kernel;
using Synod.MultiPaxos;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>An Accept of the leader of <see cref="Ballot"/>, with its commands.</summary>
internal sealed record Proposal(Ballot Ballot)
{
    public long First { get; init; } = 1;

    public long Base { get; init; }

    public long Chosen { get; init; }

    public long Round { get; init; }

    public bool Rests { get; init; }

    public long TransfersOver { get; init; }

    /// <summary>The number of the receiver's damage that the leader knows.</summary>
    public long Damage { get; init; }

    /// <summary>The leader's highest slot; by default the last that is sent.</summary>
    public long? Last { get; init; }

    /// <summary>The commands; null is a no-op.</summary>
    public IReadOnlyList<string?> Commands { get; init; } = [];

    /// <summary>In which ballot the sender says they are proposed; by default in its own.
    /// </summary>
    public Ballot? Of { get; init; }

    /// <summary>In which ballot they were proposed first; by default in that one.</summary>
    public Ballot? Origin { get; init; }

    public byte[] Frame()
    {
        Told[] slots = [.. Commands.Select(NewTold)];
        return MultiPaxosFrames.Encode(Message(MultiPaxosFrames.Heads(slots)), slots);
    }

    private Told NewTold(string? command) => new(Of ?? Ballot, command) { Origin = Origin };

    private Accept Message(ReadOnlySpan<MultiPaxosSlotHead> slots) => new()
    {
        Ballot = Ballot,
        First = new LogIndex(First),
        Base = new LogIndex(Base),
        Chosen = new LogIndex(Chosen),
        Round = Round,
        TransfersOver = TransfersOver,
        Damage = Damage,
        Last = new LogIndex(Last ?? unchecked(First - 1 + slots.Length)),
        Rests = Rests,
        Slots = slots,
    };
}
