using BenchmarkDotNet.Attributes;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Benchmarks;

/// <summary>The frame of a command, from the client and to the replica, and its checksum.</summary>
public class FrameBenchmarks
{
    private static readonly byte[] Key = "some-key"u8.ToArray();

    private readonly byte[] _command = new byte[64];
    private readonly FrameBuffer _frame = new(1024);
    private byte[] _received = [];

    /// <summary>A frame that has come in.</summary>
    [GlobalSetup]
    public void Receive()
    {
        Encode();
        _received = _frame.Written.ToArray();
    }

    /// <summary>As a client does.</summary>
    [Benchmark]
    public int Encode()
    {
        _frame.Clear();
        new RequestHead(7, new GroupId(1), RequestKind.Command).WriteTo(_frame);
        new Envelope
        {
            Identity = new CommandIdentity(new SessionId(0, 42), 7, 6),
            Acknowledged = 6,
            Key = Key,
            Command = _command,
        }.WriteTo(_frame);
        return _frame.Length;
    }

    /// <summary>As a replica does.</summary>
    [Benchmark]
    public int Decode()
    {
        FrameReader reader = new(_received);
        RequestHead head = RequestHead.ReadFrom(ref reader);
        Envelope envelope = Envelope.ReadFrom(ref reader);
        return reader.IsComplete ? envelope.Command.Length + (int)head.Number : 0;
    }

    /// <summary>As both do.</summary>
    [Benchmark]
    public uint Checksum() => Crc32C.Of(_received);
}
