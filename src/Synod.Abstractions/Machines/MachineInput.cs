namespace Synod.Abstractions;

/// <summary>What a machine is called with: all of it, and nothing else, may decide what it
/// answers.</summary>
public readonly ref struct MachineInput
{
    /// <summary>Of a command: what else it may know.</summary>
    public ApplyContext Context { get; init; }

    /// <summary>The key.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The state of the key; empty if it is absent.</summary>
    public required ReadOnlySpan<byte> State { get; init; }

    /// <summary>The command or query; bytes of a client, not yet validated.</summary>
    public required ReadOnlySpan<byte> Request { get; init; }
}
