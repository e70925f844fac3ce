using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups;

/// <content>Snapshots of its machine, which is the list of what it has run.</content>
internal abstract partial class GroupMember
{
    private byte[] _snapshot = [];

    /// <summary>Whether all that was delivered is performed.</summary>
    public bool IsDrained => _stream.Count == 0;

    /// <summary>What the snapshot that the next life begins with has in it; see
    /// <see cref="Snapshot"/>.</summary>
    public int SnapshotItems { get; private set; }

    /// <summary>A snapshot is taken and durable: each later life begins with it.</summary>
    /// <param name="items">How many commands its machine has run.</param>
    public string[] Snapshot(int items = 0)
    {
        SnapshotItems = items;
        FrameBuffer frontier = new();
        Kernel.Capture(frontier);
        _snapshot = frontier.Written.ToArray();
        Kernel.SnapshotSaved(Turn, _snapshot, Outbox);
        return Perform();
    }
}
