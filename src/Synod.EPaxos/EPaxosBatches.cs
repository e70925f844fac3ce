using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What is to be proposed at the end of a turn. Commands share an instance: its records,
/// its messages and its votes. All of an instance waits together, so commands on keys for which
/// somebody else may have to be waited for share theirs only with those on the same keys (protocols
/// §1.12: a batch multiplies conflicts).</summary>
/// <remarks>Commands that conflict stay in their order: one joins a batch only if no later batch
/// touches a key of it.</remarks>
internal sealed class EPaxosBatches(int most, EPaxosWindows windows)
{
    private readonly List<OwnBatch> _batches = [];
    private readonly Dictionary<ulong, int> _touches = [];
    private int _touchesAll = -1;
    private int _open = -1;

    public bool IsEmpty => _batches.Count == 0;

    /// <summary>All that is gathered, in order.</summary>
    public IEnumerable<OwnRequest> All => _batches.SelectMany(static batch => batch.Requests);

    /// <summary>One more; on keys that are new to its batch it counts in their windows.</summary>
    /// <param name="own">What.</param>
    /// <param name="isContested">Whether it may have to wait for others.</param>
    public void Add(OwnRequest own, bool isContested)
    {
        int place = PlaceFor(own, isContested);
        if (place < 0)
            place = Begin(own, isContested);
        else
            _batches[place].Add(own);
        Touch(own.Value.Footprint, place);
    }

    /// <summary>One more, if its keys are those of a batch that it may share.</summary>
    public bool TryJoin(OwnRequest own, bool isContested)
    {
        int place = PlaceFor(own, isContested);
        if (place < 0 || !IsTouchedBy(own.Value.Footprint, place))
            return false;

        _batches[place].Add(own);
        return true;
    }

    /// <summary>Takes out all of it, in the order in which it has to be proposed.</summary>
    public IReadOnlyList<OwnBatch> TakeAll()
    {
        OwnBatch[] all = [.. _batches];
        _batches.Clear();
        _touches.Clear();
        (_touchesAll, _open) = (-1, -1);
        return all;
    }

    private int PlaceFor(in OwnRequest own, bool isContested)
    {
        Footprint footprint = own.Value.Footprint;
        int last = LastTouching(footprint);
        int place = isContested ? last : _open;
        bool joins = place >= 0
            && place >= last
            && _batches[place].HasRoom(own, most)
            && (!isContested || IsOnSameKeys(_batches[place], footprint));
        return joins ? place : -1;
    }

    private int Begin(OwnRequest own, bool isContested)
    {
        OwnBatch batch = new(own, isContested);
        _batches.Add(batch);
        int place = _batches.Count - 1;
        if (!isContested && batch.IsShared)
            _open = place;
        return place;
    }

    private static bool IsOnSameKeys(OwnBatch batch, in Footprint footprint) =>
        batch.IsContested && batch.Requests[0].Value.Footprint == footprint;

    private int LastTouching(in Footprint footprint)
    {
        if (footprint.IsUniversal)
            return _batches.Count - 1;

        int last = _touchesAll;
        for (int position = 0; position < footprint.Count; position++)
        {
            if (_touches.TryGetValue(footprint.KeyAt(position), out int place))
                last = Math.Max(last, place);
        }

        return last;
    }

    private bool IsTouchedBy(in Footprint footprint, int place)
    {
        for (int position = 0; position < footprint.Count; position++)
        {
            if (_touches.GetValueOrDefault(footprint.KeyAt(position), -1) != place)
                return false;
        }

        return true;
    }

    private void Touch(in Footprint footprint, int place)
    {
        if (footprint.IsUniversal)
            _touchesAll = place;
        for (int position = 0; position < EPaxosWindows.Keys(footprint); position++)
        {
            ulong key = EPaxosWindows.KeyOf(footprint, position);
            bool isNew = !_touches.TryGetValue(key, out int before) || before != place;
            if (isNew)
                windows.Begin(key);
            _touches[key] = place;
        }
    }
}
