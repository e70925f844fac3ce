using System.Text;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Whoever watches a key is told its state and then each change, in the order in which
/// this replica applies them (safety §6). Nothing of it goes through the log.</content>
internal sealed partial class Replica
{
    private static readonly string TooManyQueries =
        $"One connection watches a key with at most {WatchTable.QueriesOfKeyMax} queries.";

    // Made for the first who watches.
    private WatchTable? _watches;

    private Lineage StateLineage => _epoch?.Id.Lineage ?? default;

    /// <summary>A client has gone, and with it its watches.</summary>
    public void ClientGone(ConnectionId client)
    {
        _life.Listeners?.Remove(client.Number);
        _watches?.Remove(client);
        Counters.Watches = _watches?.Count ?? 0;
    }

    private void Watch(in PendingRequest request, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        WatchRequest asked = WatchRequest.ReadFrom(ref reader);
        ReadOnlySpan<byte> key = reader.ReadSized();
        ReadOnlySpan<byte> query = reader.ReadBytes(reader.Remaining);
        if (!reader.IsComplete)
        {
            Misused(request, "a watch has a mode, a window, what was seen, and a sized key");
            return;
        }

        _watches ??= new WatchTable(_options.Watching);
        if (_watches.Find(request.Client, request.Number) is not null)
        {
            Misused(request, "a watch has a number of its own on its connection");
            return;
        }

        Watch watch = new(request.Client, request.Number, asked)
        {
            Topic = _watches.TopicOf(key, query),
        };
        if (_watches.Bytes + watch.Weight > _options.WatchesBytesMax)
            Reply(request, ResponseKind.Overloaded, default);
        else if (_watches.IsOneTooMany(request.Client, watch.Topic))
            Tell(request.Client, request.Number, WatchEnd.Refused, TooManyQueries);
        else
            Begin(_watches, watch, asked.Seen);
    }

    // What was seen of another state tells nothing about this one. A replica that lags behind what
    // was seen elsewhere says nothing until it is newer, so that nobody goes back.
    private void Begin(WatchTable watches, Watch watch, WatchToken seen)
    {
        bool isOwn = seen.Lineage == StateLineage;
        watch.GoOnAt(isOwn ? seen.Version : -1, isBroken: !isOwn && !seen.IsEmpty);
        watches.Add(watch);
        _life.Listeners ??= [];
        _life.Listeners.Add(watch.Client.Number);
        Counters.Watches = watches.Count;
        long version = _store.VersionOf(watch.Topic.Key);
        bool isTold = version > watch.Seen && TryTellLatest(watch, WatchReason.Began, version);
        if (!isTold && watch.Place is not null)
            Tell(watch, new WatchNews(WatchReason.Began, false, false, default), default);
    }

    private void Unwatch(ConnectionId client, long number)
    {
        if (_watches?.Find(client, number) is not Watch watch)
            return;

        _watches.Remove(watch);
        Counters.Watches = _watches.Count;
    }

    private void UseWatches(in PendingRequest request, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        while (reader.IsValid && reader.Remaining > 0)
        {
            WatchUse use = WatchUse.ReadFrom(ref reader);
            if (!reader.IsValid)
                break;

            if (_watches?.Find(request.Client, use.Watch) is Watch watch)
                Use(watch, use.Bytes);
            else
                Tell(request.Client, use.Watch, WatchEnd.NotKnown, "");
        }

        if (!reader.IsComplete)
            Misused(request, "a use of watches has 16 bytes for each");
        else if (request.Number != 0)
            Reply(request, ResponseKind.Applied, default);
    }

    private void Use(Watch watch, long bytes)
    {
        watch.Use(bytes);
        long version = watch.IsLate && watch.HasCaughtUp ? _store.VersionOf(watch.Topic.Key) : -1;
        if (version > watch.Seen)
            TryTellLatest(watch, WatchReason.DataChanged, version);
    }

    private void EndWatches(WatchEnd end, string reason)
    {
        if (_watches is null)
            return;

        foreach (Watch watch in _watches.All)
        {
            _watches.Remove(watch);
            Tell(watch.Client, watch.Number, end, reason);
        }

        // What the topics in it still kept is gone with them.
        _watches.Line.Clear();
        _watches.WaitingBytes = 0;
        Counters.Watches = 0;
    }

    private void Tell(ConnectionId client, long watch, WatchEnd end, string reason)
    {
        _buffers.News.Clear();
        _buffers.News.WriteByte((byte)end);
        _buffers.News.WriteBytes(Encoding.UTF8.GetBytes(reason));
        PendingRequest request = new(client, watch, 0, default);
        Reply(request, ResponseKind.WatchEnded, _buffers.News.Written);
    }

    private void Tell(Watch watch, in WatchNews news, ReadOnlySpan<byte> answer)
    {
        _buffers.News.Clear();
        news.WriteTo(_buffers.News);
        _buffers.News.WriteBytes(answer);
        PendingRequest request = new(watch.Client, watch.Number, 0, default);
        Reply(request, ResponseKind.Watched, _buffers.News.Written);
    }
}
