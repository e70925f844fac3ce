using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>The client's side of a machine: its commands and queries as bytes.</summary>
public interface IMachineCodec
{
    /// <summary>Appends the bytes of a command or query of this machine.</summary>
    /// <exception cref="ArgumentException">The machine has no such command or query.</exception>
    void Encode(object request, FrameBuffer buffer);

    /// <summary>Reads the result of a command or the answer of a query.</summary>
    /// <exception cref="FormatException">The bytes are not a result of it.</exception>
    TResult Decode<TResult>(object request, ReadOnlySpan<byte> result);
}
