namespace Synod.Transport;

/// <summary>How many more clients may come in. Safe for use from several threads.</summary>
internal sealed class Seats(int max)
{
    private int _taken;

    /// <summary>How many there are.</summary>
    public int Max => max;

    /// <summary>Takes one, if one is free.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= max)
            return true;

        Release();
        return false;
    }

    /// <summary>Gives one back.</summary>
    public void Release() => Interlocked.Decrement(ref _taken);
}
