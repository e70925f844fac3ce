namespace Synod.Abstractions;

/// <summary>A part of a log that was durable and is not intact. Its bytes are never
/// changed.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where the log goes on.</param>
/// <param name="What">What is wrong, and in which file.</param>
public sealed record LogDamage(LogPosition From, LogPosition To, string What)
{
    /// <summary>How many records are missing there, of all groups together: exact where frames
    /// follow, and otherwise at most so many. Zero if only padding, a head or a copy is
    /// hurt.</summary>
    public long LostMax { get; init; }

    /// <summary>How many of them may be statements of which no copy is left there.</summary>
    public long StatementsMax { get; init; }

    /// <summary>In one line.</summary>
    public override string ToString() =>
        $"{From} to {To}: {What}; {LostMax} records are missing";
}
