using System.Diagnostics.CodeAnalysis;

namespace Synod.Runtime;

/// <summary>The watches of one connection of a client.</summary>
internal sealed class ClientWatches
{
    private readonly SortedDictionary<long, Watch> _byNumber = [];
    private readonly Dictionary<WatchTopic, LinkedList<Watch>> _byTopic = [];

    /// <summary>All of them, in the order of their numbers.</summary>
    public IReadOnlyCollection<Watch> All => _byNumber.Values;

    /// <summary>The watch with a number; null if there is none.</summary>
    public Watch? Find(long number) => _byNumber.GetValueOrDefault(number);

    /// <summary>Those that watch the same, in the order in which they came; false if none
    /// does.</summary>
    public bool TryGet(WatchTopic topic, [NotNullWhen(true)] out IReadOnlyCollection<Watch>? own)
    {
        bool isThere = _byTopic.TryGetValue(topic, out LinkedList<Watch>? watches);
        own = watches;
        return isThere;
    }

    /// <summary>Adds one with a number of its own.</summary>
    public void Add(Watch watch)
    {
        _byNumber.Add(watch.Number, watch);
        if (!_byTopic.TryGetValue(watch.Topic, out LinkedList<Watch>? own))
            _byTopic[watch.Topic] = own = [];
        watch.PlaceOfOwn = own.AddLast(watch);
    }

    /// <summary>Removes one that is there.</summary>
    public void Remove(Watch watch)
    {
        if (watch.PlaceOfOwn is not LinkedListNode<Watch> place)
            return;

        _byNumber.Remove(watch.Number);
        LinkedList<Watch> own = _byTopic[watch.Topic];
        own.Remove(place);
        watch.PlaceOfOwn = null;
        if (own.Count == 0)
            _byTopic.Remove(watch.Topic);
    }
}
