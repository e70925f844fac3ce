namespace Synod.TestKit;

/// <summary>What lengths and the values that are taken out tell about the order of a queue. The
/// length before an operation is the number of values put in less that of values taken out. A value
/// that is put in once has one place in the order: so many go in before it as are taken out before
/// it. Owned by one round.</summary>
internal sealed class QueueNarrowing
{
    private const int None = -1;

    private readonly Narrowing _narrowing;
    private readonly List<int> _puts = [];
    private readonly List<int> _takes = [];
    private readonly Dictionary<HistoryValue, int> _putOf = [];
    private readonly Dictionary<HistoryValue, int> _takeOf = [];
    private readonly QueueTimes _putTimes;
    private readonly QueueTimes _takeTimes;
    private readonly bool _isAllTakenKnown;

    public QueueNarrowing(Narrowing narrowing)
    {
        _narrowing = narrowing;
        for (int place = 0; place < narrowing.Operations.Length; place++)
        {
            Operation operation = narrowing.Operations[place];
            if (operation.F == "enq")
                AddPut(place, operation.Value);
            else if (operation.F == "deq" && !IsKnownEmpty(place))
                AddTake(place, operation.Output);
        }

        foreach (HistoryValue value in _takeOf.Keys.Where(value => !_putOf.ContainsKey(value)))
            narrowing.Refute();
        _putTimes = new QueueTimes(narrowing, _puts);
        _takeTimes = new QueueTimes(narrowing, _takes);
        _isAllTakenKnown = _takes.All(take => narrowing.IsCertain[take]);
    }

    public void Apply()
    {
        if (_narrowing.IsImpossible)
            return;

        List<QueuePlace> places = [];
        for (int place = 0; place < _narrowing.Operations.Length; place++)
        {
            Operation operation = _narrowing.Operations[place];
            if (operation.F == "enq" && _putOf[operation.Value] == place)
                places.Add(PlaceOf(place, operation.Value));
            else if (_narrowing.IsCertain[place] && LengthBefore(place) is not null)
                ApplyLength(place, (0, long.MaxValue));
        }

        OrderBy(places, static place => (place.Least, place.Most), isTake: false);
        OrderBy(places, static place => (place.Least, place.Most), isTake: true);
        OrderBy(places, place => Span(place.Take), isTake: false);
        OrderBy(places, place => (_narrowing.Call[place.Put], _narrowing.Return[place.Put]), true);
    }

    private void AddPut(int place, HistoryValue value)
    {
        _puts.Add(place);
        if (!_putOf.TryAdd(value, place))
            _putOf[value] = None;
    }

    private void AddTake(int place, HistoryValue value)
    {
        _takes.Add(place);
        if (_narrowing.IsCertain[place])
            _takeOf[value] = place;
    }

    private bool IsKnownEmpty(int place) =>
        _narrowing.Operations[place] is { Type: OperationType.Ok, Output.IsNull: true };

    // What is not known to be taken out is taken out after all others, if there is nothing that
    // may have.
    private (long Begin, long End) Span(int take)
    {
        if (take != None)
            return (_narrowing.Call[take], _narrowing.Return[take]);
        return (_isAllTakenKnown ? long.MaxValue : long.MinValue, long.MaxValue);
    }

    private QueuePlace PlaceOf(int put, HistoryValue value)
    {
        int take = _takeOf.GetValueOrDefault(value, None);
        if (take != None)
        {
            _narrowing.Confirm(put, _narrowing.Return[take]);
            _narrowing.Precede(put, take);
        }

        if (!_narrowing.IsCertain[put])
            return new QueuePlace(put, take, 0, long.MaxValue);

        (long least, long most) = take == None
            ? (0, long.MaxValue)
            : _takeTimes.Before(take);
        (least, most) = ApplyLength(put, (least, most));
        if (take != None)
            _takeTimes.Narrow(take, least, most);
        return new QueuePlace(put, take, least, most);
    }

    // How many are put in before the operation: so many as before it by time, and so many as the
    // length tells.
    private (long Least, long Most) ApplyLength(int place, (long Least, long Most) known)
    {
        (long least, long most) = _putTimes.Before(place);
        least = Math.Max(least, known.Least);
        most = Math.Min(most, known.Most);
        if (LengthBefore(place) is long length)
        {
            (long taken, long takenMost) = _takeTimes.Before(place);
            least = Math.Max(least, taken + length);
            most = Math.Min(most, takenMost + length);
            _takeTimes.Narrow(place, Math.Max(0, least - length), most - length);
        }

        _putTimes.Narrow(place, least, most);
        return (least, most);
    }

    private long? LengthBefore(int place)
    {
        Operation operation = _narrowing.Operations[place];
        if (operation.Type != OperationType.Ok)
            return null;
        if (operation.F == "deq")
            return operation.Output.IsNull ? 0 : null;
        return operation.Output.AsInt64();
    }

    private void OrderBy(
        List<QueuePlace> places, Func<QueuePlace, (long Begin, long End)> span, bool isTake)
    {
        IEnumerable<SpanOrder.Item> items = places
            .Where(place => !isTake || place.Take != None)
            .Select(place => new SpanOrder.Item(
                span(place).Begin, span(place).End, isTake ? place.Take : place.Put));
        new SpanOrder(_narrowing, [.. items]).Apply();
    }
}
