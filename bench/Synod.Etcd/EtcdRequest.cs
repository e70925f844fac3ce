using System.Buffers.Binary;
using Google.Protobuf;

namespace Synod.Etcd;

/// <summary>A request as the bytes that leave: encoded once, sent as often as one likes.</summary>
public sealed class EtcdRequest
{
    // A byte that says "not compressed", and the length of the message.
    internal const int HeadBytes = 5;

    // Fields of PutRequest and RangeRequest in etcd's rpc.proto.
    private const int KeyField = 1;
    private const int ValueField = 2;

    private EtcdRequest(byte[] frame) => Frame = frame;

    internal static EtcdRequest Empty { get; } = new(new byte[HeadBytes]);

    internal byte[] Frame { get; }

    /// <summary>Writes a value to a key.</summary>
    public static EtcdRequest Put(ByteString key, ByteString value) =>
        new(Encode((KeyField, key), (ValueField, value)));

    /// <summary>Reads a key; a majority is asked, since nothing else is said.</summary>
    public static EtcdRequest Get(ByteString key) => new(Encode((KeyField, key)));

    private static byte[] Encode(params (int Field, ByteString Bytes)[] fields)
    {
        int length = fields.Sum(static one =>
            CodedOutputStream.ComputeTagSize(one.Field)
            + CodedOutputStream.ComputeBytesSize(one.Bytes));
        byte[] frame = new byte[HeadBytes + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        using MemoryStream message = new(frame, HeadBytes, length);
        using CodedOutputStream output = new(message);
        foreach ((int field, ByteString bytes) in fields)
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(bytes);
        }

        output.Flush();
        return frame;
    }
}
