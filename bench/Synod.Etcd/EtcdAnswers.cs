using Google.Protobuf;

namespace Synod.Etcd;

/// <summary>Reads the fields of etcd's answers that are needed here, by their numbers in etcd's
/// <c>rpc.proto</c> and <c>kv.proto</c>; skips all others.</summary>
internal static class EtcdAnswers
{
    // RangeResponse.kvs and KeyValue.value.
    private const int Pairs = 2;
    private const int Value = 5;

    // StatusResponse.header, ResponseHeader.member_id and StatusResponse.leader.
    private const int Header = 1;
    private const int MemberId = 2;
    private const int Leader = 4;

    public static ByteString? FirstValue(byte[] range) =>
        Find(range, Pairs)?.Bytes is ByteString pair
            ? Find(pair.ToByteArray(), Value)?.Bytes ?? ByteString.Empty
            : null;

    public static bool Leads(byte[] status)
    {
        byte[] header = Find(status, Header)?.Bytes?.ToByteArray() ?? [];
        ulong leader = Find(status, Leader)?.Number ?? 0;
        return leader != 0 && leader == Find(header, MemberId)?.Number;
    }

    private static Field? Find(byte[] message, int field)
    {
        using CodedInputStream input = new(message);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) != field)
                input.SkipLastField();
            else if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint)
                return new Field(input.ReadUInt64(), null);
            else
                return new Field(0, input.ReadBytes());
        }

        return null;
    }

    private readonly record struct Field(ulong Number, ByteString? Bytes);
}
