using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>How long a machine takes with each item while it is behind what was delivered. Only
/// then does it set the pace of the replica; else it is not known, and nothing is said.</summary>
internal struct MachinePace
{
    // Less says nothing: code that runs for the first time is compiled, and a thread may have to
    // wait for a processor. For the same reason the quickest of the slices counts.
    private const int SlicesMin = 4;
    private static readonly TimeSpan SampleMin = TimeSpan.FromMilliseconds(100);

    private Instant _began;
    private Instant _slice;
    private int _slices;
    private int _done;
    private float _least;
    private float _ticksEach;
    private bool _isBehind;

    /// <summary>The machine has done something with an item.</summary>
    public void Did() => _done++;

    /// <summary>It begins with what it may do in one turn.</summary>
    public void Began(Instant now)
    {
        if (_isBehind)
            return;

        (_began, _slice) = (now, now);
        (_slices, _done) = (0, 0);
    }

    /// <summary>It has done that, and has more to do.</summary>
    public void Behind(Instant now)
    {
        _isBehind = true;
        if (_done == 0)
            return;

        float each = (float)(now - _slice).Ticks / _done;
        _least = _slices == 0 ? each : Math.Min(_least, each);
        (_slice, _done) = (now, 0);
        _slices++;
        if (_slices < SlicesMin || now - _began < SampleMin)
            return;

        _ticksEach = _least;
        (_began, _slices) = (now, 0);
    }

    /// <summary>It has caught up.</summary>
    public void CaughtUp() => this = default;

    /// <summary>How long so many items will take; zero where that is not known.</summary>
    public readonly TimeSpan TimeOf(long items) => new((long)(_ticksEach * items));
}
