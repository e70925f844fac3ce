namespace Synod.Kernel;

/// <summary>A message or record that can be encoded. It begins with a format version and a kind;
/// reading it back is the job of the codec of its protocol.</summary>
public interface IWire
{
    /// <summary>Appends the encoded bytes.</summary>
    void WriteTo(FrameBuffer buffer);
}
