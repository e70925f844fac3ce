using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Compare.Memory;

/// <summary>Clients that each have a session and a key and call again as soon as they are
/// answered.</summary>
internal sealed class MemoryClients(int count, int payloadBytes)
{
    private static readonly ConnectionId Connection = new(1, ClientRole.Client);

    private readonly long[] _sequences = new long[count];
    private readonly byte[] _payload = new byte[payloadBytes];
    private readonly FrameBuffer _frame = new(1024);
    private ShardInbox[] _inboxes = [];

    /// <summary>How many commands were answered with success.</summary>
    public long Done { get; private set; }

    /// <summary>Every client calls, in turn at each of the nodes.</summary>
    public void Begin(IEnumerable<MemoryNode> nodes)
    {
        _inboxes = [.. nodes.Select(static node => node.Inbox)];
        for (int client = 0; client < count; client++)
            Call(client);
    }

    /// <summary>Takes an answer, and calls again.</summary>
    public void Answered(ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        ResponseHead head = ResponseHead.ReadFrom(ref reader);
        if (head.Kind != ResponseKind.Applied)
            throw new InvalidOperationException($"A call was answered with {head.Kind}.");

        Done++;
        Call((int)head.Number);
    }

    // Each command changes the state, and follows the one before on its key.
    private void Call(int client)
    {
        long sequence = ++_sequences[client];
        _ = BitConverter.TryWriteBytes(_payload, sequence);
        Span<byte> key = stackalloc byte[sizeof(int)];
        _ = BitConverter.TryWriteBytes(key, client);
        _frame.Clear();
        new RequestHead(client, MemoryNode.Group, RequestKind.Command).WriteTo(_frame);
        new Envelope
        {
            Identity = new CommandIdentity(
                new SessionId(0, (ulong)client + 1), sequence, sequence - 1),
            Acknowledged = sequence - 1,
            Key = key,
            Command = _payload,
        }.WriteTo(_frame);
        MemoryNode.Taken(_inboxes[client % _inboxes.Length].ClientFrame(
            Connection, new ReadOnlySequence<byte>(_frame.WrittenMemory)));
    }
}
