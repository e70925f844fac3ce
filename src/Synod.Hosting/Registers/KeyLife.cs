using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>One life of a key. Once it is over it is over for ever.</summary>
/// <param name="Key">The key, with its bucket.</param>
/// <param name="Generation">Which life of it.</param>
public readonly record struct KeyLife(string Key, Generation Generation)
{
    internal void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteString(Key);
        Generation.WriteTo(buffer);
    }

    internal static KeyLife ReadFrom(ref FrameReader reader) =>
        new(reader.ReadString(), Generation.ReadFrom(ref reader));
}
