using Synod.Kernel;

namespace Synod.Raft;

/// <summary>The knobs of Raft. All members of a group should have the same.</summary>
public sealed record RaftOptions : LeaderOptions
{
    internal const int EntriesPerMessageLimit = 1 << 16;

    /// <summary>The most entries in one message. Default 1024, from 1 to
    /// 65536.</summary>
    public int EntriesPerMessageMax { get; init; } = 1024;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Within(EntriesPerMessageMax, EntriesPerMessageLimit, nameof(EntriesPerMessageMax));
    }
}
