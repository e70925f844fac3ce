using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Bytes from and to values of one type. Stateless, hence safe for use from several
/// threads; the same value must always give the same bytes.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface ICodec<T>
{
    /// <summary>Appends the bytes of the value.</summary>
    void Write(T value, FrameBuffer buffer);

    /// <summary>Reads a value. The bytes may come from anyone: what is not a value makes the reader
    /// invalid, see <see cref="FrameReader.Require"/>.</summary>
    /// <exception cref="FormatException">The bytes are not a value; the same as an invalid
    /// reader.</exception>
    T Read(ref FrameReader reader);
}
