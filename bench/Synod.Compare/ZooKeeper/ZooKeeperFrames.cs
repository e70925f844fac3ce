using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Synod.Compare.ZooKeeper;

/// <summary>Requests as ZooKeeper 3 encodes them, each without the head that its client
/// adds.</summary>
internal static class ZooKeeperFrames
{
    private const int CreateType = 1;
    private const int GetDataType = 4;
    private const int SetDataType = 5;
    private const int SyncType = 9;

    private const int AnyVersion = -1;
    private const int AllRights = 31;
    private const int SessionTimeoutMs = 40_000;
    private const int PasswordBytes = 16;

    /// <summary>Begins a session; with its length, since it has no other head.</summary>
    public static byte[] Connect()
    {
        ArrayBufferWriter<byte> body = new();
        WriteInt(body, 0);
        WriteLong(body, 0);
        WriteInt(body, SessionTimeoutMs);
        WriteLong(body, 0);
        WriteBytes(body, new byte[PasswordBytes]);
        body.Write([(byte)0]);
        ArrayBufferWriter<byte> frame = new();
        WriteBytes(frame, body.WrittenSpan);
        return frame.WrittenSpan.ToArray();
    }

    /// <summary>Makes a node that everybody may use.</summary>
    public static byte[] Create(string path, ReadOnlySpan<byte> data)
    {
        ArrayBufferWriter<byte> body = Begin(CreateType, path);
        WriteBytes(body, data);
        WriteInt(body, 1);
        WriteInt(body, AllRights);
        WriteBytes(body, "world"u8);
        WriteBytes(body, "anyone"u8);
        WriteInt(body, 0);
        return body.WrittenSpan.ToArray();
    }

    /// <summary>Writes the data of a node.</summary>
    public static byte[] Set(string path, ReadOnlySpan<byte> data)
    {
        ArrayBufferWriter<byte> body = Begin(SetDataType, path);
        WriteBytes(body, data);
        WriteInt(body, AnyVersion);
        return body.WrittenSpan.ToArray();
    }

    /// <summary>Reads the data of a node, as this server has it.</summary>
    public static byte[] Get(string path)
    {
        ArrayBufferWriter<byte> body = Begin(GetDataType, path);
        body.Write([(byte)0]);
        return body.WrittenSpan.ToArray();
    }

    /// <summary>What is asked for behind this is as new as what anybody had been told
    /// before.</summary>
    public static byte[] Sync(string path) => Begin(SyncType, path).WrittenSpan.ToArray();

    private static ArrayBufferWriter<byte> Begin(int type, string path)
    {
        ArrayBufferWriter<byte> body = new();
        WriteInt(body, type);
        WriteBytes(body, Encoding.UTF8.GetBytes(path));
        return body;
    }

    private static void WriteInt(ArrayBufferWriter<byte> body, int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(body.GetSpan(sizeof(int)), number);
        body.Advance(sizeof(int));
    }

    private static void WriteLong(ArrayBufferWriter<byte> body, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(body.GetSpan(sizeof(long)), number);
        body.Advance(sizeof(long));
    }

    private static void WriteBytes(ArrayBufferWriter<byte> body, ReadOnlySpan<byte> bytes)
    {
        WriteInt(body, bytes.Length);
        body.Write(bytes);
    }
}
