using Synod.Kernel;

namespace Synod.Register;

/// <summary>Paxos for each key by itself, by the name <c>register</c>: any member takes commands,
/// there is no leader and no log to replay. Commands on several keys have no order.</summary>
public sealed class RegisterProtocol : IProtocol
{
    private readonly RegisterOptions _options;

    /// <summary>Per-key Paxos with these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public RegisterProtocol(RegisterOptions? options = null)
    {
        _options = options ?? new RegisterOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public string Name => "register";

    /// <inheritdoc/>
    public bool IsOrdered => false;

    /// <inheritdoc/>
    public IKernel Create(KernelStart start) => new RegisterReplica(start, _options);

    /// <inheritdoc/>
    public IProtocol Vary(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new RegisterProtocol(random.Chance(1, 2) ? _options : Narrow(random));
    }

    /// <inheritdoc/>
    public IProtocolAudit Audit(EpochDescriptor epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return new RegisterAudit(epoch);
    }

    // Little patience and little room: proposers meet, reads finish what others began, and
    // reservations end amid a round, and the
    // log is cut again and again.
    private RegisterOptions Narrow(SeededRandom random) => _options with
    {
        ResendAfter = TimeSpan.FromMilliseconds(5 + random.Below(60)),
        RetryDelay = TimeSpan.FromMilliseconds(1 + random.Below(8)),
        RetryDelayMax = TimeSpan.FromMilliseconds(8 + random.Below(100)),
        ReadTries = 1 + (int)random.Below(3),
        RoundBlock = 1 + random.Below(4),
        CommandsPerBallot = 1 + (int)random.Below(4),
        FrameBytes = 1 << (int)random.Below(13),
        KeptBytes = 1 << (int)random.Below(17),
    };
}
