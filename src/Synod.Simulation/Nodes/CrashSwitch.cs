namespace Synod.Simulation;

/// <summary>Ends what a node does at any of its effects: before it writes, sends or asks for a
/// flush, in the middle of a turn.</summary>
internal sealed class CrashSwitch
{
    private int _left;
    private bool _isInPlace;

    /// <summary>Lets the effect with this number, from 1, not happen any more.</summary>
    public void Arm(int effect, bool isInPlace)
    {
        _left = effect;
        _isInPlace = isInPlace;
    }

    /// <summary>Lets nothing happen.</summary>
    public void Disarm() => _left = 0;

    /// <summary>The replica ends: it cannot end in place once more on the way, though its process
    /// may.</summary>
    public void EndsInPlace()
    {
        if (_isInPlace)
            Disarm();
    }

    /// <summary>Before each effect of a replica.</summary>
    public void Pass()
    {
        if (_left > 0 && --_left == 0)
            throw new SimulatedCrashException(_isInPlace);
    }

    /// <summary>Before each effect of the log itself, in the middle of which only a whole process
    /// ends.</summary>
    public void PassInside()
    {
        if (!_isInPlace)
            Pass();
    }
}
