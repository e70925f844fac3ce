namespace Synod.TestKit;

/// <summary>What indexes and reads tell about the order of appends. Owned by one round.</summary>
internal sealed class LogNarrowing(Narrowing narrowing)
{
    private readonly Dictionary<HistoryValue, int> _appendOf = [];
    private readonly List<int> _reads = [];
    private readonly List<int> _appends = [];
    private IReadOnlyList<HistoryValue> _longest = [];

    public void Apply()
    {
        for (int place = 0; place < narrowing.Operations.Length; place++)
        {
            Operation operation = narrowing.Operations[place];
            if (operation.F == "append")
                _appends.Add(place);
            else if (narrowing.IsCertain[place])
                _reads.Add(place);
        }

        bool isUnique = _appends.All(append =>
            _appendOf.TryAdd(narrowing.Operations[append].Value, append));
        if (isUnique)
            ApplyReads();
        else
            narrowing.Precede([.. ByIndex(_appends)]);
    }

    private static IReadOnlyList<HistoryValue> ListOf(Operation read) => read.Output.AsList();

    // What the longest list has comes first, in its order. Of that which no list has, what is
    // unknown need never have happened, unless others look at the history after it.
    private void ApplyReads()
    {
        foreach (int read in _reads)
        {
            IReadOnlyList<HistoryValue> list = ListOf(narrowing.Operations[read]);
            _longest = list.Count > _longest.Count ? list : _longest;
        }

        List<int> sequence = [];
        foreach (HistoryValue value in _longest)
        {
            if (!_appendOf.Remove(value, out int append))
            {
                narrowing.Refute();
                return;
            }

            narrowing.Confirm(append, long.MaxValue);
            sequence.Add(append);
        }

        foreach (int append in _appendOf.Values)
            narrowing.IsUseless[append] = !narrowing.IsRequired[append] && !narrowing.IsPartial;
        sequence.AddRange(ByIndex(_appendOf.Values));
        narrowing.Precede(sequence);
        foreach (int read in _reads)
            Place(read, sequence);
    }

    private void Place(int read, List<int> sequence)
    {
        int count = ListOf(narrowing.Operations[read]).Count;
        if (count > 0)
            narrowing.Precede(sequence[count - 1], read);
        if (count < sequence.Count)
            narrowing.Precede(read, sequence[count]);
    }

    private IEnumerable<int> ByIndex(IEnumerable<int> appends) => appends
        .Where(append => narrowing.IsCertain[append]
            && narrowing.Operations[append].Type == OperationType.Ok)
        .OrderBy(append => narrowing.Operations[append].Output.AsInt64());
}
