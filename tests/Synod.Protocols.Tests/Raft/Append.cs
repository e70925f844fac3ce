using System.Text;
using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>An AppendEntries of a leader of <see cref="Term"/>, with its commands.</summary>
internal sealed record Append(long Term)
{
    /// <summary>Index and term of the entry before the new ones.</summary>
    public (long Index, long Term) After { get; init; }

    public long Commit { get; init; }

    public long Round { get; init; }

    public bool Rests { get; init; }

    public long TransfersOver { get; init; }

    /// <summary>The number of the receiver's damage that the leader knows.</summary>
    public long Damage { get; init; }

    /// <summary>The leader's newest entry; by default the last that is sent.</summary>
    public long? Last { get; init; }

    /// <summary>Terms and commands; a null command is a no-op.</summary>
    public IReadOnlyList<(long Term, string? Command)> Entries { get; init; } = [];

    public byte[] Frame()
    {
        FrameBuffer buffer = new();
        Message().WriteTo(buffer);
        foreach ((long _, string? command) in Entries)
            buffer.WriteBytes(Encoding.UTF8.GetBytes(command ?? ""));
        return buffer.Written.ToArray();
    }

    private AppendEntries Message() => new()
    {
        Term = new Term(Term),
        PreviousIndex = new LogIndex(After.Index),
        PreviousTerm = new Term(After.Term),
        Commit = new LogIndex(Commit),
        Round = Round,
        Rests = Rests,
        TransfersOver = TransfersOver,
        Damage = Damage,
        Last = new LogIndex(Last ?? unchecked(After.Index + Entries.Count)),
        Entries = Entries.Select(static entry => Head(entry.Term, entry.Command)).ToArray(),
    };

    private static RaftEntryHead Head(long term, string? command) => new(
        new Term(term),
        command is null ? RaftEntryKind.NoOp : RaftEntryKind.Command,
        Encoding.UTF8.GetByteCount(command ?? ""));
}
