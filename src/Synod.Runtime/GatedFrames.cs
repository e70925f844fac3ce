using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Frames that wait until the records below them are durable. They own their bytes; gates
/// never fall, so the first in is the first out.</summary>
internal sealed class GatedFrames
{
    private readonly Queue<Waiting> _frames = [];
    private readonly Stack<FrameBuffer> _spare = [];

    /// <summary>Keeps a frame until its gate opens.</summary>
    public void Add(RecordNumber gate, MemberSet targets, ReadOnlySpan<byte> frame)
    {
        if (!_spare.TryPop(out FrameBuffer? bytes))
            bytes = new FrameBuffer();
        bytes.Clear();
        bytes.WriteBytes(frame);
        _frames.Enqueue(new Waiting(gate, targets, bytes));
    }

    /// <summary>Takes the oldest frame, if its gate is open. The bytes are valid until the next
    /// <see cref="Add"/>.</summary>
    public bool TryTake(RecordNumber durable, out MemberSet targets, out ReadOnlySpan<byte> frame)
    {
        targets = default;
        frame = default;
        if (!_frames.TryPeek(out Waiting oldest) || oldest.Gate > durable)
            return false;

        _frames.Dequeue();
        _spare.Push(oldest.Bytes);
        targets = oldest.Targets;
        frame = oldest.Bytes.Written;
        return true;
    }

    private readonly record struct Waiting(
        RecordNumber Gate, MemberSet Targets, FrameBuffer Bytes);
}
