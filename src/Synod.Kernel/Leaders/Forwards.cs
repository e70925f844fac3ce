namespace Synod.Kernel;

/// <summary>What a follower has passed on to its leader and has no end for. All of it is of one
/// reign: it is given up when that ends.</summary>
public sealed class Forwards
{
    private readonly Dictionary<long, (RequestId Request, int Bytes)> _unanswered = [];
    private readonly Queue<(long Tag, Instant Due)> _dues = [];
    private readonly Dictionary<LogIndex, (RequestId Request, int Bytes)> _appended = [];
    private long _lastTag;

    /// <summary>How much of it there is.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count => _unanswered.Count + _appended.Count;

    /// <summary>When the oldest one that has no answer is given up.</summary>
    public Instant Due =>
        _dues.TryPeek(out (long Tag, Instant Due) oldest) ? oldest.Due : Instant.Never;

    /// <summary>One more is passed on.</summary>
    /// <returns>Its tag: no two of a life have the same.</returns>
    public long Add(RequestId request, int bytes, Instant due)
    {
        _unanswered.Add(++_lastTag, (request, bytes));
        _dues.Enqueue((_lastTag, due));
        Bytes += bytes;
        return _lastTag;
    }

    /// <summary>The leader has appended it: it ends when that entry is delivered here.</summary>
    /// <returns>False if another one is said to be there.</returns>
    public bool Appended(long tag, LogIndex index)
    {
        if (!_unanswered.TryGetValue(tag, out (RequestId Request, int Bytes) forward))
            return true;
        if (!_appended.TryAdd(index, forward))
            return false;

        _unanswered.Remove(tag);
        ForgetDues();
        return true;
    }

    /// <summary>Takes out one that has no answer yet; nobody if it is not there.</summary>
    public RequestId Take(long tag)
    {
        _unanswered.Remove(tag, out (RequestId Request, int Bytes) forward);
        ForgetDues();
        Bytes -= forward.Bytes;
        return forward.Request;
    }

    /// <summary>Takes out the one whose entry is delivered; nobody if it is another's.</summary>
    public RequestId Take(LogIndex index)
    {
        _appended.Remove(index, out (RequestId Request, int Bytes) forward);
        Bytes -= forward.Bytes;
        return forward.Request;
    }

    /// <summary>Gives up those that have had no answer by a time.</summary>
    public void AbandonUnanswered(Instant due, Outbox outbox)
    {
        while (_dues.TryPeek(out (long Tag, Instant Due) oldest) && oldest.Due <= due)
        {
            _dues.Dequeue();
            outbox.Abandon(Take(oldest.Tag));
        }
    }

    /// <summary>Gives up everything: the reign is over, and the next leader may have it or
    /// not.</summary>
    public void Abandon(Outbox outbox)
    {
        AbandonUnanswered(Instant.Never, outbox);
        foreach (LogIndex index in _appended.Keys.Order())
            outbox.Abandon(_appended[index].Request);
        _appended.Clear();
        Bytes = 0;
    }

    /// <summary>Adds all of it but times.</summary>
    public void Digest(ref StateHash hash)
    {
        hash.Add(_lastTag);
        hash.Add(_unanswered.Count);
        foreach ((long tag, Instant _) in _dues)
        {
            hash.Add(tag);
            hash.Add(_unanswered.GetValueOrDefault(tag).Request.Number);
        }

        foreach (LogIndex index in _appended.Keys.Order())
        {
            hash.Add(index.Number);
            hash.Add(_appended[index].Request.Number);
        }
    }

    // The oldest due is always that of one that has no answer.
    private void ForgetDues()
    {
        while (_dues.TryPeek(out (long Tag, Instant Due) oldest)
            && !_unanswered.ContainsKey(oldest.Tag))
        {
            _dues.Dequeue();
        }
    }
}
