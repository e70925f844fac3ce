namespace Synod.Adapters.Tests.Transport;

/// <summary>Things that happened, in order, and a way to wait for them.</summary>
internal sealed class Watched<T>
{
    private readonly Lock _gate = new();
    private readonly List<T> _items = [];
    private TaskCompletionSource _changed = NewSignal();

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_gate)
                return [.. _items];
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _items.Count;
        }
    }

    public void Add(T item)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _items.Add(item);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    public async Task<T> FirstAsync(Predicate<T> isIt)
    {
        await UntilAsync(items => items.Exists(isIt));
        lock (_gate)
            return _items.Find(isIt)!;
    }

    public Task CountAsync(int count) => UntilAsync(items => items.Count >= count);

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task UntilAsync(Predicate<List<T>> isSo)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (isSo(_items))
                    return;

                changed = _changed.Task;
            }

            await changed.WithinReason();
        }
    }
}
