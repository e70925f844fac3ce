using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>How fast the requests of a replica are answered while its machine is behind what was
/// delivered. Only then does the machine set the pace; else it is not known, and nothing is
/// said.</summary>
internal struct MachinePace
{
    // Less says nothing: code that runs for the first time is compiled, and a thread may have to
    // wait for a processor.
    private const int SlicesMin = 4;
    private static readonly TimeSpan SampleMin = TimeSpan.FromMilliseconds(100);

    private bool _isBehind;
    private Instant _since;
    private int _slices;
    private int _answered;
    private double _ticksEach;

    /// <summary>A request was answered.</summary>
    public void Answered() => _answered++;

    /// <summary>The machine begins with what it may do in one turn.</summary>
    public void Began(Instant now)
    {
        if (!_isBehind)
            (_since, _slices, _answered) = (now, 0, 0);
    }

    /// <summary>It has done that, and has more to do.</summary>
    public void Behind(Instant now)
    {
        _isBehind = true;
        _slices++;
        TimeSpan sample = now - _since;
        if (_answered == 0 || _slices < SlicesMin || sample < SampleMin)
            return;

        _ticksEach = (double)sample.Ticks / _answered;
        (_since, _slices, _answered) = (now, 0, 0);
    }

    /// <summary>The machine has caught up.</summary>
    public void CaughtUp() => this = default;

    /// <summary>How long so many requests will take; zero where that is not known.</summary>
    public readonly TimeSpan TimeOf(int requests) => new((long)(_ticksEach * requests));
}
