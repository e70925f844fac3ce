using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Egalitarian Paxos, by the name <c>epaxos</c>: any member takes commands, and those that
/// do not conflict need no order.</summary>
public sealed class EPaxosProtocol : IProtocol
{
    private readonly EPaxosOptions _options;

    /// <summary>EPaxos with these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EPaxosProtocol(EPaxosOptions? options = null)
    {
        _options = options ?? new EPaxosOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => "epaxos";

    /// <inheritdoc/>
    public bool OrdersByConflict => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> Settings =>
    [
        _options.IsThrifty ? "thrifty" : "not thrifty",
        _options.GathersReads ? "reads by gathering" : "reads as commands",
    ];

    /// <inheritdoc/>
    public IKernel Create(KernelStart start) => new EPaxosReplica(start, _options);

    /// <inheritdoc/>
    public IProtocol Vary(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        EPaxosOptions varied = _options with
        {
            IsThrifty = random.Chance(1, 3),
            GathersReads = random.Chance(1, 2),
        };
        return new EPaxosProtocol(random.Chance(1, 2) ? varied : Narrow(varied, random));
    }

    /// <inheritdoc/>
    public IProtocolAudit Audit(EpochDescriptor epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return new EPaxosAudit(epoch);
    }

    // Little patience and little room: recoveries race with proposals, commands are held back, and
    // what is missing comes in many pages.
    private static EPaxosOptions Narrow(EPaxosOptions options, SeededRandom random)
    {
        TimeSpan resend = TimeSpan.FromMilliseconds(5 + random.Below(60));
        TimeSpan recover = resend + TimeSpan.FromMilliseconds(random.Below(100));
        return options with
        {
            ResendAfter = resend,
            RecoverAfter = recover,
            RecoverDelay = TimeSpan.FromMilliseconds(1 + random.Below(5)),
            FastWait = TimeSpan.FromMilliseconds(random.Below(5)),
            KeyWindow = 1 + (int)random.Below(3),
            BatchMax = 1 + (int)random.Below(4),
            SlotBlock = 1 + (int)random.Below(32),
            FetchBytesMax = 1 << (int)random.Below(13),
            UnexecutedBytesMax = 1 << (10 + (int)random.Below(4)),
        };
    }
}
