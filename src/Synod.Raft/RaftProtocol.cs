using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Raft, by the name <c>raft</c>.</summary>
public sealed class RaftProtocol : IProtocol
{
    private readonly RaftOptions _options;

    /// <summary>Raft with these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public RaftProtocol(RaftOptions? options = null)
    {
        _options = options ?? new RaftOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => "raft";

    /// <inheritdoc/>
    public IKernel Create(KernelStart start) => new RaftReplica(start, _options);

    /// <inheritdoc/>
    public IProtocolAudit Audit(EpochDescriptor epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return new RaftAudit(epoch);
    }
}
