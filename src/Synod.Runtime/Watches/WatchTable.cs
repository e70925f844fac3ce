using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>The watches of one life of a replica, by key and by client.</summary>
internal sealed class WatchTable
{
    private readonly Dictionary<byte[], List<Watch>> _keys = new(KeyComparer.Instance);
    private readonly Dictionary<byte[], List<Watch>>.AlternateLookup<ReadOnlySpan<byte>> _byKey;
    private readonly SortedDictionary<long, SortedDictionary<long, Watch>> _clients = [];

    public WatchTable() => _byKey = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>What they cost, all together.</summary>
    public long Bytes { get; private set; }

    /// <summary>All of them, client by client, in the order of their numbers.</summary>
    public Watch[] All =>
        [.. _clients.Values.SelectMany(static watches => watches.Values)];

    /// <summary>Whether a connection watches anything.</summary>
    public bool Has(ConnectionId client) => Count > 0 && _clients.ContainsKey(client.Number);

    /// <summary>The watch of a client with a number; null if there is none.</summary>
    public Watch? Find(ConnectionId client, long number) =>
        _clients.GetValueOrDefault(client.Number)?.GetValueOrDefault(number);

    /// <summary>Who watches a key, in the order in which they came; null if nobody does.</summary>
    public IReadOnlyList<Watch>? On(ReadOnlySpan<byte> key) =>
        Count > 0 && _byKey.TryGetValue(key, out List<Watch>? watches) ? watches : null;

    /// <summary>Adds one whose number the client has not given to another.</summary>
    public void Add(Watch watch)
    {
        if (!_clients.TryGetValue(watch.Client.Number, out SortedDictionary<long, Watch>? own))
            _clients[watch.Client.Number] = own = [];
        own.Add(watch.Number, watch);
        if (!_keys.TryGetValue(watch.Key, out List<Watch>? onKey))
            _keys[watch.Key] = onKey = [];
        onKey.Add(watch);
        Count++;
        Bytes += watch.Weight;
    }

    /// <summary>Removes one that is there.</summary>
    public void Remove(Watch watch)
    {
        SortedDictionary<long, Watch> own = _clients[watch.Client.Number];
        own.Remove(watch.Number);
        if (own.Count == 0)
            _clients.Remove(watch.Client.Number);
        List<Watch> onKey = _keys[watch.Key];
        onKey.Remove(watch);
        if (onKey.Count == 0)
            _keys.Remove(watch.Key);
        Count--;
        Bytes -= watch.Weight;
    }

    /// <summary>Removes all of a client.</summary>
    public void Remove(ConnectionId client)
    {
        if (!_clients.TryGetValue(client.Number, out SortedDictionary<long, Watch>? own))
            return;

        foreach (Watch watch in own.Values.ToArray())
            Remove(watch);
    }
}
