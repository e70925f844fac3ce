using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>A watch of a client on a key of this replica.</summary>
internal sealed class Watch
{
    private const int Overhead = 512;

    private readonly long _window;
    private long _sent;
    private long _used;

    public Watch(ConnectionId client, long number, in WatchRequest asked)
    {
        Client = client;
        Number = number;
        _window = asked.WindowBytes;
        _sent = asked.HeldBytes;
    }

    public ConnectionId Client { get; }

    /// <summary>The client's number for it.</summary>
    public long Number { get; }

    public required WatchTopic Topic { get; init; }

    /// <summary>Its place among those who watch the same; null when it has ended.</summary>
    public LinkedListNode<Watch>? Place { get; set; }

    /// <summary>Its place among those of its client that watch the same; null when it has
    /// ended.</summary>
    public LinkedListNode<Watch>? PlaceOfOwn { get; set; }

    /// <summary>The newest version that the client has seen, or will when it reads on; less than
    /// zero if none.</summary>
    public long Seen { get; private set; }

    /// <summary>Whether the next event has a gap before it, whatever its version is.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether the client is told nothing until it has used what it has.</summary>
    public bool IsLate { get; private set; }

    /// <summary>What it costs while it is served.</summary>
    public long Weight => Topic.Key.Length + Topic.Query.Length + Overhead;

    /// <summary>Whether a client that was late may be told the latest. One that has used all that
    /// it got has told of all but a quarter of the window, so it is never left waiting.</summary>
    public bool HasCaughtUp => _sent - _used <= _window / 2;

    private bool IsFullFor(long bytes) => !HasCaughtUp && _sent - _used + bytes > _window;

    /// <summary>Where the client goes on.</summary>
    public void GoOnAt(long seen, bool isBroken)
    {
        Seen = seen;
        IsBroken = isBroken;
    }

    /// <summary>Takes note of an event, unless the client does not keep up.</summary>
    public bool TryTell(long version, long bytes)
    {
        IsLate = IsFullFor(bytes);
        if (IsLate)
            return false;

        _sent += bytes;
        Seen = version;
        IsBroken = false;
        return true;
    }

    /// <summary>Whether versions between what was seen and this one are not told.</summary>
    public bool HasGapBefore(long version) => IsBroken || (Seen >= 0 && version > Seen + 1);

    /// <summary>The client has used so much in all. What it cannot have got does not
    /// count.</summary>
    public void Use(long bytes) => _used = Math.Clamp(bytes, _used, _sent);
}
