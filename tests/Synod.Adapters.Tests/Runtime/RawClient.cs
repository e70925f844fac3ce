using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;
using Synod.Transport;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>A client of one node that sends what it is told and tries nothing again.</summary>
internal sealed class RawClient : IClientSink
{
    private readonly IClientConnection _connection;

    public RawClient(TestCluster cluster, TestNode node, ClientRole role = ClientRole.Admin)
    {
        _connection = cluster.Network.Dial(node.Id, role, this);
        _connection.Start();
    }

    /// <summary>What was answered, by the number of the request.</summary>
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
    public void Add(long number, int size)
    {
        FrameBuffer frame = new();
        new RequestHead(number, new GroupId(1), RequestKind.Command).WriteTo(frame);
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

    public void AskStatus(long number)
    {
        FrameBuffer frame = new();
        new RequestHead(number, new GroupId(1), RequestKind.Status).WriteTo(frame);
        Send(frame.Written);
    }

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
        Answers.Add(head.Number, (head.Kind, reader.ReadBytes(reader.Remaining).ToArray()));
        return ValueTask.CompletedTask;
    }

    public void Closed(in Closure closure)
    {
    }
}
