using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>What has become of a call to the store.</summary>
public abstract record RegisterOutcome
{
    private RegisterOutcome()
    {
    }

    /// <summary>The key has this value, whoever has put it.</summary>
    public sealed record Chosen(RegisterValue Value) : RegisterOutcome;

    /// <summary>The key has no value, and this is what the caller wants then.</summary>
    public sealed record Fallback(ReadOnlyMemory<byte> Value) : RegisterOutcome
    {
        /// <summary>Whether both are the same, byte by byte.</summary>
        public bool Equals(Fallback? other) =>
            other is not null && Value.Span.SequenceEqual(other.Value.Span);

        /// <inheritdoc/>
        public override int GetHashCode() => Value.Length;
    }

    /// <summary>The key has no value: a majority says so.</summary>
    public sealed record NotFound : RegisterOutcome;

    /// <summary>No majority has answered in time; or a change was made, and what its value lives
    /// with could not be asked afterwards.</summary>
    /// <param name="Why">What was heard last.</param>
    /// <param name="MayHaveHappened">Whether a change may have happened, and may still happen,
    /// once.</param>
    public sealed record NoQuorum(string Why, bool MayHaveHappened) : RegisterOutcome;

    /// <summary>It cannot be.</summary>
    public sealed record Refused(RegisterRefusal Reason, string Why) : RegisterOutcome;

    internal static RegisterOutcome Of(in WriteOnceEntry entry) => entry.IsLive
        ? new Chosen(RegisterValue.Of(entry))
        : new NotFound();

    // Of what was not applied.
    internal static RegisterOutcome Of(Outcome<WriteOnceEntry> outcome) => outcome switch
    {
        Outcome<WriteOnceEntry>.Unavailable failed => new NoQuorum(failed.Reason, false),
        Outcome<WriteOnceEntry>.NoQuorum =>
            new NoQuorum("More members are down than are tolerated.", false),
        Outcome<WriteOnceEntry>.NotLeader => new NoQuorum("No leader was found.", false),
        Outcome<WriteOnceEntry>.Unknown => new NoQuorum("No answer came in time.", true),
        Outcome<WriteOnceEntry>.Overloaded =>
            new Refused(RegisterRefusal.Overloaded, "Too much is waiting; try again later."),
        Outcome<WriteOnceEntry>.StorageFull =>
            new Refused(RegisterRefusal.StorageFull, "The disk is full."),
        Outcome<WriteOnceEntry>.TooLarge =>
            new Refused(RegisterRefusal.TooLarge, "The request is larger than the group allows."),
        Outcome<WriteOnceEntry>.NotAllowed refused =>
            new Refused(RegisterRefusal.NotAllowed, refused.Reason),
        Outcome<WriteOnceEntry>.Refused refused =>
            new Refused(RegisterRefusal.NotUnderstood, refused.Reason),
        Outcome<WriteOnceEntry>.Malformed refused =>
            new Refused(RegisterRefusal.NotUnderstood, refused.Rule),
        _ => throw new ArgumentException($"{outcome} has a result.", nameof(outcome)),
    };
}
