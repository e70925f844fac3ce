namespace Synod.Runtime;

/// <summary>The orders of a session's commands, key by key: of each key with a command under way,
/// and of as many others as there is room for, those of the latest commands.</summary>
/// <remarks>Nothing is wrong with a key that was forgotten: its next command names no previous one,
/// is answered which one it was, and is sent once more (safety §6).</remarks>
internal sealed class KeyOrders(long bytesMax)
{
    private readonly Dictionary<byte[], KeyOrder> _orders = new(KeyComparer.Instance);
    private readonly LinkedList<KeyOrder> _idle = [];
    private long _idleBytes;
    private long _forgotten;

    /// <summary>A command, later than all before it, is about to be sent for the first
    /// time.</summary>
    public void Add(ClientCall call)
    {
        if (!_orders.TryGetValue(call.Key, out KeyOrder? order))
        {
            // It may be one that was forgotten: nothing is promised of it before it has shown its
            // place.
            _orders[call.Key] = order = new KeyOrder(call.Key, _forgotten);
        }
        else if (order.IsIdle)
        {
            TakeOut(order);
        }

        order.Add(call);
        call.Order = order;
    }

    /// <summary>A command has ended; if it was not applied it is given up.</summary>
    public void Remove(ClientCall call)
    {
        if (call.Order is not KeyOrder order)
            return;

        order.Remove(call);
        if (!order.IsIdle)
            return;

        _idle.AddLast(order.Place);
        _idleBytes += order.Weight;
        while (_idleBytes > bytesMax && _idle.First is LinkedListNode<KeyOrder> oldest)
            Forget(oldest.Value);
    }

    private void Forget(KeyOrder order)
    {
        TakeOut(order);
        _orders.Remove(order.Key);
        _forgotten = Math.Max(_forgotten, order.Last);
    }

    private void TakeOut(KeyOrder order)
    {
        _idle.Remove(order.Place);
        _idleBytes -= order.Weight;
    }
}
