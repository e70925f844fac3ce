namespace Synod.Kernel;

/// <summary>What an audit has last seen of a member; a protocol adds what its rules ask
/// for.</summary>
/// <param name="member">The member.</param>
/// <typeparam name="TReplica">The kernel of the protocol.</typeparam>
public abstract class AuditSeat<TReplica>(Member member)
    where TReplica : class, IKernel
{
    /// <summary>Whose it is.</summary>
    public Member Member => member;

    /// <summary>The kernel of its life; null between two.</summary>
    public TReplica? Live { get; private set; }

    /// <summary>The kernel of its life.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public TReplica Alive => Live
        ?? throw new ArgumentException($"{member} is not alive: its life was not begun.");

    /// <summary>How many records of this life are not durable.</summary>
    public long Pending { get; set; }

    /// <summary>A life begins.</summary>
    public void Begin(TReplica live)
    {
        Live = live;
        Pending = 0;
        Began(live);
    }

    /// <summary>The life has ended.</summary>
    public void End() => Live = null;

    /// <summary>A life begins: what was seen of the one before means nothing.</summary>
    protected abstract void Began(TReplica live);
}
