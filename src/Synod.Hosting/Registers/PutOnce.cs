using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>Puts a value if the key has none. The result is the chosen value, whoever has put it,
/// and the life that it is of.</summary>
/// <param name="Value">The value; may be empty.</param>
public sealed record PutOnce(ReadOnlyMemory<byte> Value) : ICommand<WriteOnceEntry>;
