using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>Puts a value if the key has none. The result is the chosen value, whoever has put it,
/// and the life that it is of.</summary>
/// <param name="Value">The value; may be empty.</param>
/// <param name="Lifetime">How long it stays, if it is chosen.</param>
public sealed record PutOnce(ReadOnlyMemory<byte> Value, Lifetime Lifetime = default)
    : ICommand<WriteOnceEntry>;
