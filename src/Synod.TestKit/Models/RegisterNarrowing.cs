namespace Synod.TestKit;

/// <summary>What reads tell about the order of writes, where a value is written by one operation
/// alone: that one comes before all that read it, and every other write comes before it or after
/// all of them. Owned by one round.</summary>
internal sealed class RegisterNarrowing(Narrowing narrowing)
{
    private const int Initial = -1;
    private const int Several = -2;

    private readonly Dictionary<HistoryValue, int> _writerOf = new() { [default] = Initial };
    private readonly Dictionary<HistoryValue, List<int>> _readersOf = [];
    private readonly List<int> _writers = [];

    /// <summary>The operation has found this value, if it has happened.</summary>
    public void Read(int operation, HistoryValue value)
    {
        if (!narrowing.IsCertain[operation])
            return;
        if (!_readersOf.TryGetValue(value, out List<int>? readers))
            _readersOf[value] = readers = [];
        readers.Add(operation);
    }

    /// <summary>The operation may leave this value.</summary>
    public void Write(int operation, HistoryValue value)
    {
        _writers.Add(operation);
        if (!_writerOf.TryAdd(value, operation))
            _writerOf[value] = Several;
    }

    public void Apply()
    {
        int[] byCall = [.. _writers.OrderBy(writer => narrowing.Call[writer])];
        foreach ((HistoryValue value, List<int> readers) in _readersOf)
        {
            if (!_writerOf.TryGetValue(value, out int writer))
                narrowing.Refute();
            else if (writer != Several)
                Apply(writer, readers, byCall);
        }
    }

    private void Apply(int writer, List<int> readers, int[] byCall)
    {
        foreach (int reader in readers)
        {
            if (reader == writer)
                continue;
            if (writer != Initial)
            {
                narrowing.Confirm(writer, narrowing.Return[reader]);
                narrowing.Precede(writer, reader);
            }

            Separate(writer, reader, byCall);
        }
    }

    // No other write comes between the write of a value and one that reads it.
    private void Separate(int writer, int reader, int[] byCall)
    {
        long begin = writer == Initial ? long.MinValue : narrowing.Call[writer];
        long end = narrowing.Return[reader];
        foreach (int other in byCall)
        {
            if (narrowing.Call[other] > end)
                break;
            if (narrowing.Return[other] < begin || other == reader || other == writer)
                continue;
            if (writer == Initial || narrowing.Precedes(writer, other))
                narrowing.Precede(reader, other);
            else if (narrowing.Precedes(other, reader))
                narrowing.Precede(other, writer);
        }
    }
}
