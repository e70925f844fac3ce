using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Frames that wait until the records below them are durable. They own their bytes; gates
/// never fall, so the first in is the first out.</summary>
internal struct GatedFrames(GatedFramePool pool)
{
    private GatedFramePool.GatedFrame? _oldest;
    private GatedFramePool.GatedFrame? _newest;

    /// <summary>Keeps a frame until its gate opens.</summary>
    public void Add(RecordNumber gate, MemberSet targets, ReadOnlySpan<byte> frame)
    {
        GatedFramePool.GatedFrame added = pool.Rent();
        (added.Gate, added.Targets) = (gate, targets);
        added.Bytes.Clear();
        added.Bytes.WriteBytes(frame);
        if (_newest is null)
            _oldest = added;
        else
            _newest.Next = added;
        _newest = added;
    }

    /// <summary>Takes the oldest frame, if its gate is open. The bytes are valid until the next
    /// <see cref="Add"/>, of whatever group.</summary>
    public bool TryTake(RecordNumber durable, out MemberSet targets, out ReadOnlySpan<byte> frame)
    {
        targets = default;
        frame = default;
        if (_oldest is not GatedFramePool.GatedFrame oldest || oldest.Gate > durable)
            return false;

        _oldest = oldest.Next;
        if (_oldest is null)
            _newest = null;
        targets = oldest.Targets;
        frame = oldest.Bytes.Written;
        pool.Return(oldest);
        return true;
    }
}
