using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>The watches of one life of a replica, by key and by client.</summary>
internal sealed class WatchTable
{
    /// <summary>With how many different queries one connection watches one key at most.</summary>
    public const int QueriesOfKeyMax = 1024;

    private readonly Dictionary<byte[], List<WatchTopic>> _keys = new(KeyComparer.Instance);
    private readonly Dictionary<byte[], List<WatchTopic>>.AlternateLookup<ReadOnlySpan<byte>>
        _byKey;

    private readonly SortedDictionary<long, ClientWatches> _clients = [];

    public WatchTable(WatchLimits limits)
    {
        Limits = limits;
        _byKey = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>What telling may cost.</summary>
    public WatchLimits Limits { get; }

    /// <summary>Topics that have more to tell than there was room for, in turn.</summary>
    public Queue<WatchTopic> Line { get; } = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>What they cost, all together.</summary>
    public long Bytes { get; private set; }

    /// <summary>What the changes cost that not everybody has been told of.</summary>
    public long WaitingBytes { get; set; }

    /// <summary>Whether there is no room for one more change, of whatever key.</summary>
    public bool IsFull => WaitingBytes >= Limits.WaitingBytesMax;

    /// <summary>All of them, client by client, in the order of their numbers.</summary>
    public Watch[] All =>
        [.. _clients.Values.SelectMany(static client => client.All)];

    /// <summary>The watch of a client with a number; null if there is none.</summary>
    public Watch? Find(ConnectionId client, long number) =>
        _clients.GetValueOrDefault(client.Number)?.Find(number);

    /// <summary>With which queries a key is watched, in the order in which they came; null if it
    /// is not.</summary>
    public IReadOnlyList<WatchTopic>? On(ReadOnlySpan<byte> key) =>
        Count > 0 && _byKey.TryGetValue(key, out List<WatchTopic>? topics) ? topics : null;

    /// <summary>The watches of a client; null if it has none.</summary>
    public ClientWatches? Of(ConnectionId client) => _clients.GetValueOrDefault(client.Number);

    /// <summary>Whether a client watches a key with as many queries as it may, and this would be
    /// one more.</summary>
    public bool IsOneTooMany(ConnectionId client, WatchTopic topic) =>
        Of(client) is ClientWatches own
        && !own.TryGet(topic, out _)
        && On(topic.Key) is IReadOnlyList<WatchTopic> topics
        && topics.Count(other => own.TryGet(other, out _)) >= QueriesOfKeyMax;

    /// <summary>What is asked of a key with a query, by whoever else asks it too.</summary>
    public WatchTopic TopicOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> query)
    {
        foreach (WatchTopic topic in On(key) ?? [])
        {
            if (query.SequenceEqual(topic.Query))
                return topic;
        }

        return new WatchTopic(this, key.ToArray(), query.ToArray());
    }

    /// <summary>Adds one whose number the client has not given to another.</summary>
    public void Add(Watch watch)
    {
        if (!_clients.TryGetValue(watch.Client.Number, out ClientWatches? own))
            _clients[watch.Client.Number] = own = new ClientWatches();
        own.Add(watch);
        WatchTopic topic = watch.Topic;
        if (topic.Watches.Count == 0)
            Add(topic);
        watch.Place = topic.Join(watch);
        Count++;
        Bytes += watch.Weight;
    }

    /// <summary>Removes one that is there.</summary>
    public void Remove(Watch watch)
    {
        if (watch.Place is not LinkedListNode<Watch> place)
            return;

        ClientWatches own = _clients[watch.Client.Number];
        own.Remove(watch);
        if (own.All.Count == 0)
            _clients.Remove(watch.Client.Number);
        WatchTopic topic = watch.Topic;
        topic.Leave(place);
        watch.Place = null;
        if (topic.Watches.Count == 0)
            Remove(topic);
        Count--;
        Bytes -= watch.Weight;
    }

    /// <summary>Removes all of a client.</summary>
    public void Remove(ConnectionId client)
    {
        foreach (Watch watch in Of(client)?.All.ToArray() ?? [])
            Remove(watch);
    }

    private void Add(WatchTopic topic)
    {
        if (!_keys.TryGetValue(topic.Key, out List<WatchTopic>? topics))
            _keys[topic.Key] = topics = [];
        topics.Add(topic);
    }

    private void Remove(WatchTopic topic)
    {
        List<WatchTopic> topics = _keys[topic.Key];
        topics.Remove(topic);
        if (topics.Count == 0)
            _keys.Remove(topic.Key);
    }
}
