using Synod.Abstractions;
using Synod.Storage;
using Synod.TestKit;

namespace Synod.Adapters.Tests.Storage;

// snippet: log-storage

/// <summary>The log without a disk: there is nothing to open again.</summary>
internal sealed class MemoryLogStorage : LogStorage
{
    private static readonly MemoryLogOptions Options = new()
    {
        BlockBytes = 256 << 10,
        ReserveBytes = 1 << 20,
        CapacityBytes = 12 << 20,
    };

    public override LogAbilities Abilities => LogAbilities.FillsUp | LogAbilities.Releases;

    public override ILog Open(Action wake) => new MemoryLog(Options, wake);
}

// end-snippet
