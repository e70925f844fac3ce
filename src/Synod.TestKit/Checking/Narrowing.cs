namespace Synod.TestKit;

/// <summary>What the answers of a history tell about when and in which order its operations took
/// effect, beyond their calls and returns. All that is entered must hold in every order that
/// explains the history: it only spares a search what would fail much later. Owned by one
/// check.</summary>
internal sealed class Narrowing
{
    private readonly HashSet<(int First, int Second)> _order = [];

    /// <summary>Starts from what calls and returns tell.</summary>
    /// <param name="operations">All that can happen from the first state on.</param>
    /// <param name="isWeakened">Which of them were made unknown.</param>
    /// <param name="until">What returns at or after it need not have happened.</param>
    public Narrowing(Operation[] operations, bool[] isWeakened, long? until)
    {
        Operations = operations;
        IsPartial = until is not null;
        Call = [.. operations.Select(static operation => operation.Call)];
        Return = [.. operations.Select(static operation => operation.Return ?? long.MaxValue)];
        IsCertain = [.. operations.Select(operation =>
            operation.Type == OperationType.Ok && !(operation.Return >= until))];
        IsRequired = [.. operations.Select(static operation =>
            operation.Type == OperationType.Ok)];
        IsUseless = new bool[operations.Length];
        OrderEachProcess(isWeakened);
    }

    public Operation[] Operations { get; }

    /// <summary>Whether it goes on after the time that is looked at.</summary>
    public bool IsPartial { get; }

    /// <summary>When each can have taken effect at the earliest.</summary>
    public long[] Call { get; }

    /// <summary>When each must have taken effect at the latest, if it is certain.</summary>
    public long[] Return { get; }

    /// <summary>Which have certainly taken effect in the time that is looked at.</summary>
    public bool[] IsCertain { get; }

    /// <summary>Which have taken effect some time.</summary>
    public bool[] IsRequired { get; }

    /// <summary>Which need not be tried: an order with them is one without them too.</summary>
    public bool[] IsUseless { get; }

    /// <summary>Which pairs overlap although their order is known.</summary>
    public IReadOnlyCollection<(int First, int Second)> Order => _order;

    /// <summary>Whether the last round has told anything new.</summary>
    public bool HasChanged { get; set; }

    /// <summary>Whether no order can explain the history.</summary>
    public bool IsImpossible { get; private set; }

    /// <summary>The operation takes effect at this time or later, if ever.</summary>
    public void NotBefore(int operation, long time)
    {
        if (time <= Call[operation])
            return;

        Call[operation] = time;
        HasChanged = true;
        IsImpossible |= IsCertain[operation] && time > Return[operation];
    }

    /// <summary>The operation takes effect at this time or earlier. Says nothing of one that need
    /// not happen.</summary>
    public void NotAfter(int operation, long time)
    {
        if (!IsCertain[operation] || time >= Return[operation])
            return;

        Return[operation] = time;
        HasChanged = true;
        IsImpossible |= time < Call[operation];
    }

    /// <summary>The operation has certainly taken effect, by this time.</summary>
    public void Confirm(int operation, long time)
    {
        if (!IsCertain[operation])
            IsRequired[operation] = IsCertain[operation] = HasChanged = true;
        NotAfter(operation, time);
    }

    /// <summary>No order can explain the history.</summary>
    public void Refute() => IsImpossible = true;

    /// <summary>Whether the one is known to come first, if both happen.</summary>
    public bool Precedes(int first, int second) =>
        Return[first] < Call[second] || _order.Contains((first, second));

    /// <summary>If both happen, then the one comes first.</summary>
    public void Precede(int first, int second)
    {
        if (IsCertain[first])
            NotBefore(second, Call[first]);
        if (IsCertain[second])
            NotAfter(first, Return[second]);
        if (Return[first] >= Call[second] && _order.Add((first, second)))
            HasChanged = true;
    }

    /// <summary>These, all certain, come in this order.</summary>
    public void Precede(IReadOnlyList<int> sequence)
    {
        for (int place = 1; place < sequence.Count; place++)
            Precede(sequence[place - 1], sequence[place]);
        for (int place = sequence.Count - 1; place > 0; place--)
            Precede(sequence[place - 1], sequence[place]);
    }

    /// <summary>Carries what has become known along the known order.</summary>
    public void Propagate()
    {
        foreach ((int first, int second) in _order.ToArray())
            Precede(first, second);
    }

    // Operations that touch may come in either order, except those of one process. It has none
    // after an unknown one, but some after one that was made unknown.
    private void OrderEachProcess(bool[] isWeakened)
    {
        Dictionary<int, int> last = [];
        int[] byCall = [.. Enumerable.Range(0, Operations.Length)
            .OrderBy(place => Operations[place].Call)
            .ThenBy(place => Operations[place].Return ?? long.MaxValue)];
        foreach (int place in byCall)
        {
            int process = Operations[place].Process;
            bool touches = last.TryGetValue(process, out int before)
                && Operations[before].Return == Operations[place].Call
                && !isWeakened[place];
            if (touches)
                _order.Add((before, place));
            if (IsRequired[place])
                last[process] = place;
        }
    }
}
