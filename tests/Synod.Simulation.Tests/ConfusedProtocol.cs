using Synod.Kernel;
using Synod.Raft;

namespace Synod.Simulation.Tests;

/// <summary>A protocol with a bug: all members take themselves for the first one.</summary>
internal sealed class ConfusedProtocol : IProtocol
{
    private readonly RaftProtocol _raft = new();

    public string Name => "confused";

    public IKernel Create(KernelStart start) => _raft.Create(start with { Self = default });

    public IProtocolAudit Audit(EpochDescriptor epoch) => _raft.Audit(epoch);
}
