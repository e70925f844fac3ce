using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>A command that was committed and applied, once.</summary>
public sealed record CommittedCommand
{
    /// <summary>The group.</summary>
    public required GroupId Group { get; init; }

    /// <summary>Which command it is.</summary>
    public required CommandIdentity Identity { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>The command; null if the machine cannot read it, or has no types.</summary>
    public required object? Command { get; init; }

    /// <summary>The bytes of the command.</summary>
    public required ReadOnlyMemory<byte> CommandBytes { get; init; }

    /// <summary>The result; null if the machine refused, or has no types.</summary>
    public required object? Result { get; init; }

    /// <summary>The bytes of the result; empty if the machine refused.</summary>
    public required ReadOnlyMemory<byte> ResultBytes { get; init; }

    /// <summary>Why the machine refused; null if it did not.</summary>
    public required string? Refusal { get; init; }

    /// <summary>Whether it comes from the log that the node was started with, so that it may have
    /// been told before.</summary>
    public required bool IsRestored { get; init; }
}
