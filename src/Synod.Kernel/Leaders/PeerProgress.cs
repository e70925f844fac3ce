namespace Synod.Kernel;

/// <summary>What a leader knows of one follower: nextIndex and matchIndex of figure 2, and the
/// window of what is on its way.</summary>
public sealed class PeerProgress(LogIndex next, Instant now)
{
    private Queue<(LogIndex Last, int Bytes)>? _inFlight;
    private long _inFlightBytes;
    private Instant _retryDue;

    /// <summary>The next entry to send.</summary>
    public LogIndex Next { get; private set; } = next;

    /// <summary>The newest entry known to be durable there.</summary>
    public LogIndex Match { get; private set; }

    /// <summary>The number of its damage, as far as it has told; see
    /// <see cref="DamageNumber"/>.</summary>
    public long Damage { get; private set; }

    /// <summary>What its word is worth.</summary>
    public KernelHealth Health { get; private set; }

    /// <summary>What counts for a commit: of a damaged follower, nothing.</summary>
    [Rule(LeaderRules.DamagedIsNotCounted)]
    public LogIndex Counted => Health == KernelHealth.Whole ? Match : LogIndex.Zero;

    /// <summary>Whether it is not known where the logs part: one message at a time.</summary>
    public bool IsProbing { get; private set; } = true;

    /// <summary>Whether a probe is on its way. If it is lost, the answer to the next heartbeat ends
    /// the waiting.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>When it last answered in this term.</summary>
    public Instant Heard { get; private set; } = now;

    /// <summary>The newest round that it has answered.</summary>
    public long Round { get; private set; }

    /// <summary>The newest commit index that it was sent.</summary>
    public LogIndex Told { get; private set; }

    /// <summary>Whether one more message with entries may leave.</summary>
    [Rule(LeaderRules.Pipelining)]
    public bool HasRoom(int messagesMax, long bytesMax) => IsProbing
        ? !IsPaused
        : (_inFlight?.Count ?? 0) < messagesMax
            && _inFlightBytes < bytesMax;

    /// <summary>Entries up to <paramref name="last"/> have left.</summary>
    public void Sent(LogIndex last, int bytes)
    {
        if (IsProbing)
        {
            IsPaused = true;
            return;
        }

        Next = last.Next();
        _inFlight ??= [];
        _inFlight.Enqueue((last, bytes));
        _inFlightBytes += bytes;
    }

    /// <summary>A message with a commit index has left.</summary>
    public void SentCommit(LogIndex commit) => Told = commit;

    /// <summary>It says what damage has done to it. False if a later life has said more: then the
    /// answer is of before, and what it acknowledges may be lost.</summary>
    /// <param name="damage">The number of its damage.</param>
    /// <param name="health">What its word is worth.</param>
    /// <param name="index">The entry it speaks of: where to go on.</param>
    [Rule(LeaderRules.DamagedIsNotCounted)]
    public bool TryLearn(long damage, KernelHealth health, LogIndex index)
    {
        if (damage < Damage)
            return false;

        bool isNews = damage > Damage;
        if (isNews)
        {
            Damage = damage;
            Match = LogIndex.Zero;
            Probe(index);
        }

        // Repaired is final, until the next damage.
        if (isNews || health == KernelHealth.Whole)
            Health = health;
        return true;
    }

    /// <summary>It answered, whatever it said. The answer of one that may have forgotten a promise
    /// to another leader says nothing about this one.</summary>
    [Rule(LeaderRules.DamagedIsNotCounted)]
    public void Answered(Instant now, long round)
    {
        if (Health == KernelHealth.Voiceless)
            return;

        Heard = now;
        Round = Math.Max(Round, round);
    }

    /// <summary>It has all up to <paramref name="match"/>. Duplicates and stragglers do no harm: a
    /// match never goes back. One that takes nothing, since its disk is full or it must learn
    /// first, is sent something again now and then: not with each answer, or there would be no end
    /// to answers.</summary>
    /// <param name="match">Up to where it has all.</param>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">How long one that takes nothing is left alone.</param>
    [Rule(LeaderRules.AcceptProvesItsEntries)]
    [Rule(LeaderRules.Pipelining)]
    public void Accept(LogIndex match, Instant now, TimeSpan retryAfter)
    {
        bool isNews = match > Match;
        if (!isNews && now < _retryDue)
            return;

        if (!isNews)
            _retryDue = now + retryAfter;
        Accept(match);
    }

    /// <summary>It does not have the entry before those it was sent. Ignored if a later answer has
    /// overtaken this one.</summary>
    [Rule(LeaderRules.ConflictHints)]
    [Rule(LeaderRules.LostIsSentAgain)]
    public void Refused(LogIndex previous, LogIndex newestThatMayMatch)
    {
        bool isStale = IsProbing ? previous != Next.Previous() : previous <= Match;
        if (isStale)
            return;

        // It was asked for what it has acknowledged. If this is an answer of long ago after all,
        // a lower match costs nothing but a message: no commit ever goes back.
        if (previous <= Match && previous > LogIndex.Zero)
            Match = LogIndex.Min(newestThatMayMatch, previous.Previous());
        Probe(LogIndex.Min(newestThatMayMatch, previous.Previous()));
    }

    /// <summary>Messages may have been lost, or the follower has come back: go on from what is
    /// known. While it is not known where the logs part, nothing new is: the whole log is not sent
    /// to one that has not answered yet.</summary>
    public void Probe() => Probe(IsProbing ? Next.Previous() : Match);

    /// <summary>Adds all of it but times.</summary>
    public void Digest(ref StateHash hash)
    {
        hash.Add(Next.Number);
        hash.Add(Match.Number);
        hash.Add(Round);
        hash.Add(Damage);
        hash.Add((long)Health);
        hash.Add(!IsProbing ? 2 : IsPaused ? 1 : 0);
        hash.Add(_inFlight?.Count ?? 0);
        foreach ((LogIndex last, int bytes) in _inFlight ?? [])
        {
            hash.Add(last.Number);
            hash.Add(bytes);
        }
    }

    private void Accept(LogIndex match)
    {
        // A heartbeat that is accepted proves no entry: a follower that takes none, because its
        // disk is full, is sent one batch at a time and not the whole window again and again.
        IsProbing &= match < Next;
        IsPaused = false;
        Match = LogIndex.Max(Match, match);
        Next = LogIndex.Max(Next, Match.Next());
        while (_inFlight is not null
            && _inFlight.TryPeek(out (LogIndex Last, int Bytes) oldest) && oldest.Last <= Match)
        {
            _inFlightBytes -= oldest.Bytes;
            _inFlight.Dequeue();
        }
    }

    private void Probe(LogIndex newestThatMayMatch)
    {
        Next = LogIndex.Max(newestThatMayMatch, Match).Next();
        IsProbing = true;
        IsPaused = false;
        _inFlight?.Clear();
        _inFlightBytes = 0;
    }
}
