using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Room that the replicas of a shard work in. They step one after the other, and nothing
/// here outlives a step, so one is enough however many groups there are. Owned by its
/// shard.</summary>
internal sealed class ShardBuffers
{
    private readonly Outbox _outbox = new();

    /// <summary>The effects of the step of now.</summary>
    public Outbox Outbox => _outbox;

    /// <summary>A frame to peers.</summary>
    public FrameBuffer Frame { get; } = new();

    /// <summary>A frame to a client.</summary>
    public FrameBuffer Answer { get; } = new();

    /// <summary>What it tells somebody who watches.</summary>
    public FrameBuffer News { get; } = new();

    /// <summary>What a machine answers.</summary>
    public MachineOutput Output { get; } = new();

    /// <summary>Finds what a command touches.</summary>
    public Footprints Footprints { get; } = new();

    /// <summary>Frames that wait for nothing any more, to be used again.</summary>
    public GatedFramePool Gated { get; } = new();

    /// <summary>The outbox for a step of a replica whose newest record is this. What a step that
    /// an exception has ended left in it is nobody's.</summary>
    public Outbox OutboxBehind(RecordNumber appended)
    {
        _outbox.Clear();
        _outbox.Resume(appended);
        return _outbox;
    }
}
