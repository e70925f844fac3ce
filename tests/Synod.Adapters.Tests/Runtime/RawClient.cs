using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Transport;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>A client of one node that sends what it is told and tries nothing again.</summary>
internal sealed class RawClient : IClientSink, IDisposable
{
    private readonly IClientConnection _connection;

    public RawClient(TestCluster cluster, TestNode node, ClientRole role = ClientRole.Admin)
    {
        _connection = cluster.Network.Dial(node.Id, role, this);
        _connection.Start();
    }

    /// <summary>What was answered last, by the number of the request.</summary>
    public SortedDictionary<long, (ResponseKind Kind, byte[] Bytes)> Answers { get; } = [];

    /// <summary>Adds one, as the first command of a session that all these clients
    /// share.</summary>
    public void Add(long number)
    {
        FrameBuffer command = new();
        new Counter().Encode(new Add(1), command);
        FrameBuffer frame = new();
        new RequestHead(number, new GroupId(1), RequestKind.Command).WriteTo(frame);
        new Envelope
        {
            Identity = new CommandIdentity(new SessionId(0, 77), Sequence: 1, Previous: 0),
            Acknowledged = 0,
            Key = "k"u8,
            Command = command.Written,
        }.WriteTo(frame);
        Send(frame.Written);
    }

    /// <summary>Adds one to a key of its own, with so many bytes in vain.</summary>
    public void Add(long number, int size, ulong group = 1)
    {
        FrameBuffer frame = new();
        new RequestHead(number, new GroupId(group), RequestKind.Command).WriteTo(frame);
        FrameBuffer command = new();
        new Counter().Encode(new Add(1), command);
        new Envelope
        {
            Identity = new CommandIdentity(new SessionId(0, 77), Sequence: 1, Previous: 0),
            Acknowledged = 0,
            Key = [.. BitConverter.GetBytes(number), .. new byte[size]],
            Command = command.Written,
        }.WriteTo(frame);
        Send(frame.Written);
    }

    /// <summary>A command of the shared session, which sends its commands in order.</summary>
    public void Command(long number, ReadOnlySpan<byte> command, long sequence)
    {
        FrameBuffer body = new();
        new Envelope
        {
            Identity = new CommandIdentity(new SessionId(0, 77), sequence, sequence - 1),
            Acknowledged = 0,
            Key = "k"u8,
            Command = command,
        }.WriteTo(body);
        Send(Frame(number, RequestKind.Command, body.Written));
    }

    public void AskStatus(long number) => Send(Frame(number, RequestKind.Status, default));

    /// <summary>Watches the value of a counter.</summary>
    public void Watch(long number, string key, WatchToken seen = default)
    {
        FrameBuffer query = new();
        new Counter().Encode(new GetValue(), query);
        Watch(number, key, query.Written, seen);
    }

    public void Watch(
        long number, string key, ReadOnlySpan<byte> query, WatchToken seen = default)
    {
        FrameBuffer body = new();
        new WatchRequest(WatchMode.Persistent, 1 << 20, 0, seen).WriteTo(body);
        body.WriteString(key);
        body.WriteBytes(query);
        Send(Frame(number, RequestKind.Watch, body.Written));
    }

    /// <summary>Asks for the value of a counter.</summary>
    public void Ask(long number, RequestKind kind, string key)
    {
        FrameBuffer body = new();
        body.WriteString(key);
        new Counter().Encode(new GetValue(), body);
        Send(Frame(number, kind, body.Written));
    }

    /// <summary>Says that it has a watch and has used nothing of it.</summary>
    public void Use(long number, long watch)
    {
        FrameBuffer body = new();
        new WatchUse(watch, 0).WriteTo(body);
        Send(Frame(number, RequestKind.WatchUse, body.Written));
    }

    public static byte[] Frame(long number, RequestKind kind, ReadOnlySpan<byte> body)
    {
        FrameBuffer frame = new();
        new RequestHead(number, new GroupId(1), kind).WriteTo(frame);
        frame.WriteBytes(body);
        return frame.Written.ToArray();
    }

    public void Dispose() => _connection.Dispose();

    public void Send(ReadOnlySpan<byte> frame)
    {
        _connection.Send(frame);
        _connection.Flush();
    }

    public void Connected(in Greeting greeting)
    {
    }

    public ValueTask Frame(in ReadOnlySequence<byte> frame)
    {
        FrameReader reader = new(frame.ToArray());
        ResponseHead head = ResponseHead.ReadFrom(ref reader);
        Answers[head.Number] = (head.Kind, reader.ReadBytes(reader.Remaining).ToArray());
        return ValueTask.CompletedTask;
    }

    public void Closed(in Closure closure)
    {
    }
}
