using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Compare.Memory;

/// <summary>Carries frames to nodes of the same process, at the end of a turn as the real one
/// does.</summary>
internal sealed class MemoryTransport(PeerIdentity self, MemoryClients clients) : ITransport
{
    private readonly FrameBuffer _bytes = new(1 << 20);
    private readonly List<(int Node, int Length)> _frames = [];
    private IReadOnlyList<ShardInbox> _inboxes = [];

    public int FrameBytesMax => 16 << 20;

    public void Connect(IReadOnlyList<ShardInbox> inboxes) => _inboxes = inboxes;

    public void Send(NodeId peer, ReadOnlySpan<byte> frame)
    {
        _bytes.WriteBytes(frame);
        _frames.Add(((int)peer.Number - 1, frame.Length));
    }

    public void Reply(ConnectionId client, ReadOnlySpan<byte> frame) => clients.Answered(frame);

    public void Flush()
    {
        int start = 0;
        foreach ((int node, int length) in _frames)
        {
            ReadOnlySequence<byte> frame = new(_bytes.WrittenMemory.Slice(start, length));
            MemoryNode.Taken(_inboxes[node].PeerFrame(self, frame));
            start += length;
        }

        _frames.Clear();
        _bytes.Clear();
    }
}
