namespace Synod.Kernel;

/// <summary>What a leader knows of the promises of the others: until when, by its own clock, none
/// of a majority can have voted for somebody else. It lasts from one election to the end of the
/// reign. An answer proves that its sender made a promise after the round that it names had begun:
/// it was answering a message that was sent later than that.</summary>
public sealed class LeaderLease
{
    // Spaced so that these are more than one promise: older ones would prove nothing.
    private const int RoundsMax = 64;
    private const int RoundsPerPromise = 32;
    private static readonly Instant Nothing = new(long.MinValue);

    private readonly LeaseTerms _terms;
    private readonly int _majority;
    private readonly (long Round, Instant Begun)[] _rounds;
    private readonly Instant[] _promised;
    private long _count;

    /// <summary>A lease that was not given yet.</summary>
    public LeaderLease(EpochDescriptor epoch)
    {
        _terms = epoch.Parameters.Lease;
        _majority = epoch.Quorums.Majority;
        _rounds = new (long Round, Instant Begun)[_terms.AreOn ? RoundsMax : 0];
        _promised = new Instant[epoch.Members.Count];
        Array.Fill(_promised, Nothing);
    }

    /// <summary>Whether it never holds again in this reign.</summary>
    public bool IsVoid { get; private set; }

    private (long Round, Instant Begun) Newest => _rounds[(_count - 1) % RoundsMax];

    /// <summary>The leader is about to send, or has sent, anything by which another one may be
    /// elected in spite of its promises, as a transfer does. That message may arrive at any later
    /// time, so the lease is void until the next election, whatever becomes of the
    /// transfer.</summary>
    [Rule(LeaderRules.TransferVoidsLease)]
    public void Void() => IsVoid = true;

    /// <summary>Whether a new round would prove noticeably more than the newest.</summary>
    public bool IsWorthRenewing(Instant now) => _terms.AreOn
        && !IsVoid
        && (_count == 0 || now - Newest.Begun >= _terms.Promise / RoundsPerPromise);

    /// <summary>A round begins: what is sent from now on names it or a later one.</summary>
    [Rule(LeaderRules.LeaseRead)]
    public void Begin(long round, Instant now)
    {
        if (!IsWorthRenewing(now))
            return;

        _rounds[_count % RoundsMax] = (round, now);
        _count++;
    }

    /// <summary>A member has answered a message of this round. Answers may be lost, doubled and
    /// overtaken: the newest counts.</summary>
    [Rule(LeaderRules.LeaseRead)]
    public void Answered(Member peer, long round)
    {
        long oldest = Math.Max(0, _count - RoundsMax);
        for (long at = _count - 1; at >= oldest; at--)
        {
            (long begunRound, Instant begun) = _rounds[at % RoundsMax];
            if (begunRound > round)
                continue;

            if (begun > _promised[peer.Index])
                _promised[peer.Index] = begun;
            return;
        }
    }

    /// <summary>Whether nobody else can have been elected by now. The leader needs no promise of
    /// its own: when it votes for another one it is none any more.</summary>
    /// <param name="now">The time on the leader's own clock, read after what is to be answered had
    /// arrived.</param>
    [Rule(LeaderRules.LeaseRead)]
    public bool Holds(Instant now)
    {
        if (!_terms.AreOn || IsVoid)
            return false;

        int count = 1;
        foreach (Instant promised in _promised)
        {
            if (promised != Nothing && now < promised + _terms.Length)
                count++;
        }

        return count >= _majority;
    }
}
