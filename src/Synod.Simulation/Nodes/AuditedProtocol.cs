using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A protocol whose kernels are watched.</summary>
internal sealed class AuditedProtocol(IProtocol protocol, NodeAudit audit) : IProtocol
{
    public string Name => protocol.Name;

    public bool IsOrdered => protocol.IsOrdered;

    public IKernel Create(KernelStart start) =>
        new AuditedKernel(protocol.Create(start), start, audit);

    public IProtocolAudit Audit(EpochDescriptor epoch) => protocol.Audit(epoch);
}
