namespace Synod.Runtime;

/// <summary>The recorded answer to a command.</summary>
internal readonly record struct CommandResult(ResponseKind Kind, ReadOnlyMemory<byte> Bytes);
