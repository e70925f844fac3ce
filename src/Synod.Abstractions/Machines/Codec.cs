using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>The codecs that come with Synod, and a way to make more from two functions.</summary>
public static class Codec
{
    /// <summary>Reads a value; see <see cref="ICodec{T}.Read"/>.</summary>
    public delegate T Reader<T>(ref FrameReader reader);

    /// <summary>A whole number in 8 bytes.</summary>
    public static ICodec<long> Number { get; } = Of<long>(
        static (value, buffer) => buffer.WriteInt64(value),
        static (ref reader) => reader.ReadInt64());

    /// <summary>True or false in one byte.</summary>
    public static ICodec<bool> Boolean { get; } = Of<bool>(
        static (value, buffer) => buffer.WriteBoolean(value),
        static (ref reader) => reader.ReadBoolean());

    /// <summary>A string in UTF-8.</summary>
    public static ICodec<string> Text { get; } = Of<string>(
        static (value, buffer) => buffer.WriteString(value),
        static (ref reader) => reader.ReadString());

    /// <summary>A codec from its two directions.</summary>
    public static ICodec<T> Of<T>(Action<T, FrameBuffer> write, Reader<T> read)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        return new FunctionCodec<T>(write, read);
    }

    /// <summary>A codec for a type whose values carry nothing, from its only value.</summary>
    public static ICodec<T> Empty<T>(T only) =>
        Of<T>(static (_, _) => { }, (ref _) => only);

    /// <summary>A codec for a value or null, from one for the value.</summary>
    public static ICodec<T?> Maybe<T>(ICodec<T> some)
        where T : class => Of<T?>(
            (value, buffer) =>
            {
                buffer.WriteBoolean(value is not null);
                if (value is not null)
                    some.Write(value, buffer);
            },
            (ref reader) => reader.ReadBoolean() ? some.Read(ref reader) : null);

    /// <summary>A codec that writes JSON by source-generated metadata.</summary>
    public static ICodec<T> Json<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new JsonCodec<T>(type);
    }

    private sealed class FunctionCodec<T>(Action<T, FrameBuffer> write, Reader<T> read) : ICodec<T>
    {
        public void Write(T value, FrameBuffer buffer) => write(value, buffer);

        public T Read(ref FrameReader reader) => read(ref reader);
    }

    private sealed class JsonCodec<T>(JsonTypeInfo<T> type) : ICodec<T>
    {
        public void Write(T value, FrameBuffer buffer) =>
            buffer.WriteSized(JsonSerializer.SerializeToUtf8Bytes(value, type));

        public T Read(ref FrameReader reader)
        {
            try
            {
                return JsonSerializer.Deserialize(reader.ReadSized(), type)
                    ?? throw new FormatException($"There is no {typeof(T).Name} but null.");
            }
            catch (JsonException cause)
            {
                throw new FormatException($"The JSON is not a {typeof(T).Name}.", cause);
            }
        }
    }
}
