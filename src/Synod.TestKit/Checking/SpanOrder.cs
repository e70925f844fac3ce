namespace Synod.TestKit;

/// <summary>Enters that an operation comes after all those whose span ends before its own
/// begins.</summary>
internal sealed class SpanOrder(Narrowing narrowing, SpanOrder.Item[] items)
{
    public void Apply()
    {
        Item[] byBegin = [.. items.OrderBy(static item => item.Begin)];
        Item[] byEnd = [.. items.OrderBy(static item => item.End)];
        ApplyCalls(byBegin, byEnd);
        ApplyReturns(byBegin, byEnd);
        ApplyOverlaps();
    }

    // Not before the latest that must have come before.
    private void ApplyCalls(Item[] byBegin, Item[] byEnd)
    {
        long latest = long.MinValue;
        int ended = 0;
        foreach (Item item in byBegin)
        {
            for (; ended < byEnd.Length && byEnd[ended].End < item.Begin; ended++)
            {
                int earlier = byEnd[ended].Operation;
                if (narrowing.IsCertain[earlier])
                    latest = Math.Max(latest, narrowing.Call[earlier]);
            }

            narrowing.NotBefore(item.Operation, latest);
        }
    }

    private void ApplyReturns(Item[] byBegin, Item[] byEnd)
    {
        long earliest = long.MaxValue;
        int begun = byBegin.Length - 1;
        foreach (Item item in byEnd.Reverse())
        {
            for (; begun >= 0 && byBegin[begun].Begin > item.End; begun--)
            {
                int later = byBegin[begun].Operation;
                if (narrowing.IsCertain[later])
                    earliest = Math.Min(earliest, narrowing.Return[later]);
            }

            narrowing.NotAfter(item.Operation, earliest);
        }
    }

    // Where two operations do not overlap, their times say it all.
    private void ApplyOverlaps()
    {
        List<Item> open = [];
        foreach (Item item in items.OrderBy(item => narrowing.Call[item.Operation]))
        {
            open.RemoveAll(other =>
                narrowing.Return[other.Operation] < narrowing.Call[item.Operation]);
            foreach (Item other in open)
            {
                if (other.End < item.Begin)
                    narrowing.Precede(other.Operation, item.Operation);
                else if (item.End < other.Begin)
                    narrowing.Precede(item.Operation, other.Operation);
            }

            open.Add(item);
        }
    }

    /// <summary>An operation and its span.</summary>
    public readonly record struct Item(long Begin, long End, int Operation);
}
