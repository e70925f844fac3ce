namespace Synod.Kernel;

/// <summary>Reads that wait at a follower, oldest first: gathered into batches, each of which the
/// leader is asked about once. An answer to a batch counts for all before it: they were asked
/// earlier.</summary>
public sealed class ReadBatches
{
    private const int BatchesMax = 8;

    // Null before the first: most followers are asked nothing.
    private Queue<RequestId>? _reads;
    private Batch[] _batches = [];
    private int _first;
    private int _count;
    private int _batched;

    /// <summary>How many reads wait, in batches or not.</summary>
    public int Count => _reads?.Count ?? 0;

    /// <summary>When the oldest batch has waited too long.</summary>
    public Instant Due => _count == 0 ? Instant.Never : _batches[_first].Due;

    /// <summary>A read that no leader was asked about yet.</summary>
    public void Add(RequestId request) => (_reads ??= []).Enqueue(request);

    /// <summary>Makes a batch of all reads that are in none; false if there is none, or too many
    /// batches are on their way: what waits then goes with the next one.</summary>
    public bool TryBegin(long number, Instant due)
    {
        if (_batched == Count || _count == BatchesMax)
            return false;

        if (_batches.Length == 0)
            _batches = new Batch[BatchesMax];
        _batches[(_first + _count) % BatchesMax] =
            new Batch(number, Count - _batched, due, null);
        _count++;
        _batched = Count;
        return true;
    }

    /// <summary>The leader has said behind which entry this batch and all before it see what was
    /// committed when they were asked.</summary>
    public void Answered(long number, LogIndex index)
    {
        for (int position = 0; position < _count; position++)
        {
            ref Batch batch = ref _batches[(_first + position) % BatchesMax];
            if (batch.Number <= number && batch.Index is null)
                batch = batch with { Index = index };
        }
    }

    /// <summary>Takes the oldest read if all up to its index is delivered.</summary>
    public bool TryRelease(LogIndex delivered, out RequestId request) => TryTake(
        _count > 0 && _batches[_first].Index is LogIndex index && index <= delivered, out request);

    /// <summary>Takes the oldest read that is in a batch up to the one that the leader refused, and
    /// not answered. What was answered before it may wait on: the leader says no only
    /// once.</summary>
    public bool TryRefuse(long number, out RequestId request)
    {
        for (int position = 1; position < _count && !IsRefused(number, 0); position++)
        {
            if (IsRefused(number, position))
                BringForward(position);
        }

        return TryTake(_count > 0 && IsRefused(number, 0), out request);
    }

    /// <summary>Takes the oldest read if it has waited too long.</summary>
    public bool TryExpire(Instant now, out RequestId request) => TryTake(now >= Due, out request);

    /// <summary>Takes the oldest read.</summary>
    public bool TryTake(out RequestId request) => TryTake(true, out request);

    /// <summary>Adds all of it but times.</summary>
    public void Digest(ref StateHash hash)
    {
        hash.Add(_count);
        for (int position = 0; position < _count; position++)
        {
            Batch batch = _batches[(_first + position) % BatchesMax];
            hash.Add(batch.Number);
            hash.Add(batch.Reads);
            hash.Add(batch.Index?.Number ?? -1);
        }

        foreach (RequestId request in _reads ?? [])
            hash.Add(request.Number);
    }

    private bool IsRefused(long number, int position)
    {
        Batch batch = _batches[(_first + position) % BatchesMax];
        return batch.Number <= number && batch.Index is null;
    }

    private void BringForward(int position)
    {
        Batch batch = _batches[(_first + position) % BatchesMax];
        int before = 0;
        for (int place = position; place > 0; place--)
        {
            Batch earlier = _batches[(_first + place - 1) % BatchesMax];
            _batches[(_first + place) % BatchesMax] = earlier;
            before += earlier.Reads;
        }

        _batches[_first] = batch;
        if (_reads is null)
            return;

        RequestId[] reads = [.. _reads];
        _reads.Clear();
        foreach (RequestId read in reads.AsSpan(before, batch.Reads))
            _reads.Enqueue(read);
        foreach (RequestId read in reads.AsSpan(0, before))
            _reads.Enqueue(read);
        foreach (RequestId read in reads.AsSpan(before + batch.Reads))
            _reads.Enqueue(read);
    }

    private bool TryTake(bool isAllowed, out RequestId request)
    {
        request = default;
        if (!isAllowed || _reads is null || !_reads.TryDequeue(out request))
            return false;

        if (_count == 0)
            return true;

        _batched--;
        ref Batch oldest = ref _batches[_first];
        oldest = oldest with { Reads = oldest.Reads - 1 };
        if (oldest.Reads == 0)
        {
            _first = (_first + 1) % BatchesMax;
            _count--;
        }

        return true;
    }

    private readonly record struct Batch(long Number, int Reads, Instant Due, LogIndex? Index);
}
