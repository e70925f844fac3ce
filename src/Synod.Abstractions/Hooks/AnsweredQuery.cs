using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>A linearizable query that was answered.</summary>
public sealed record AnsweredQuery
{
    /// <summary>The group.</summary>
    public required GroupId Group { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>The query; null if the machine cannot read it, or has no types.</summary>
    public required object? Query { get; init; }

    /// <summary>The bytes of the query.</summary>
    public required ReadOnlyMemory<byte> QueryBytes { get; init; }

    /// <summary>The answer; null if the machine refused, or has no types.</summary>
    public required object? Answer { get; init; }

    /// <summary>The bytes of the answer; empty if the machine refused.</summary>
    public required ReadOnlyMemory<byte> AnswerBytes { get; init; }

    /// <summary>Why the machine refused; null if it did not.</summary>
    public required string? Refusal { get; init; }
}
