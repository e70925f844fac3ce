using Synod.Kernel;

namespace Synod.Runtime;

/// <content>What its replicas share, however many there are. Memory that a rush of news has taken
/// is given back when no more of it comes: what idle groups cost must not depend on how busy they
/// were.</content>
public sealed partial class Shard
{
    private static readonly TimeSpan RestsAfter = TimeSpan.FromMilliseconds(500);

    private readonly ShardBuffers _buffers = new();
    private readonly EpochShapes _shapes = new();
    private Instant _newsAt;
    private bool _isAtRest;

    ShardBuffers IReplicaHost.Buffers => _buffers;

    EpochShapes IReplicaHost.Shapes => _shapes;

    // For a turn that nothing but a timer or the log has caused. Nobody is woken for it.
    private void Rest(Instant now, bool hasNews)
    {
        if (hasNews)
            (_newsAt, _isAtRest) = (now, false);
        if (_isAtRest || now - _newsAt < RestsAfter)
            return;

        _isAtRest = true;
        _inbox.Trim();
        _untold.TrimExcess();
        _agenda.Trim();
        _buffers.Gated.Trim();
    }
}
