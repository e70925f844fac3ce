using System.Text;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Whoever watches a key is told its state and then each change, in the order in which
/// this replica applies them (safety §6). Nothing of it goes through the log.</content>
internal sealed partial class Replica
{
    private readonly WatchTable _watches = new();
    private readonly FrameBuffer _news = new(1024);

    private Lineage StateLineage => _epoch?.Id.Lineage ?? default;

    /// <summary>A client has gone, and with it its watches.</summary>
    public void ClientGone(ConnectionId client)
    {
        _watches.Remove(client);
        Counters.Watches = _watches.Count;
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

        if (_watches.Find(request.Client, request.Number) is not null)
        {
            Misused(request, "a watch has a number of its own on its connection");
            return;
        }

        Watch watch = new(request.Client, request.Number, asked)
        {
            Key = key.ToArray(),
            Query = query.ToArray(),
        };
        if (_watches.Bytes + watch.Weight > _options.WatchesBytesMax)
            Reply(request, ResponseKind.Overloaded, default);
        else
            Begin(watch, asked.Seen);
    }

    // What was seen of another state tells nothing about this one. A replica that lags behind what
    // was seen elsewhere says nothing until it is newer, so that nobody goes back.
    private void Begin(Watch watch, WatchToken seen)
    {
        bool isOwn = seen.Lineage == StateLineage;
        watch.GoOnAt(isOwn ? seen.Version : -1, isBroken: !isOwn && !seen.IsEmpty);
        _watches.Add(watch);
        Counters.Watches = _watches.Count;
        long version = _store.VersionOf(watch.Key);
        bool isTold = version > watch.Seen && Tell(watch, WatchReason.Began, version) > 0;
        if (!isTold && _watches.Find(watch.Client, watch.Number) == watch)
            Tell(watch, new WatchNews(WatchReason.Began, false, false, default), default);
    }

    private void Unwatch(ConnectionId client, long number)
    {
        if (_watches.Find(client, number) is not Watch watch)
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

            if (_watches.Find(request.Client, use.Watch) is Watch watch)
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
        long version = watch.IsLate && watch.HasCaughtUp ? _store.VersionOf(watch.Key) : -1;
        if (version > watch.Seen)
            Tell(watch, WatchReason.DataChanged, version);
    }

    // Before the writer is answered: who watches on its connection sees the change first.
    private long TellWatches(ReadOnlySpan<byte> key, long version)
    {
        if (_watches.On(key) is not IReadOnlyList<Watch> watches)
            return 0;

        long bytes = 0;
        for (int next = 0; next < watches.Count;)
        {
            Watch watch = watches[next];
            if (!watch.IsLate && version > watch.Seen)
                bytes += Tell(watch, WatchReason.DataChanged, version);

            // It is gone if the machine has refused the query, and the next one is in its place.
            bool isThere = next < watches.Count && watches[next] == watch;
            next += isThere ? 1 : 0;
        }

        return bytes;
    }

    // Zero if the client was not told: it is late, or the watch has ended.
    private long Tell(Watch watch, WatchReason reason, long version)
    {
        if (AskFor(watch) is not CommandResult answer)
            return 0;

        bool isGap = watch.HasGapBefore(version);
        long bytes = WatchNews.Weight(answer.Bytes.Length);
        if (!watch.TryTell(version, bytes))
            return 0;

        Counters.WatchGaps += isGap ? 1 : 0;
        WatchToken seen = new(StateLineage, version);
        Tell(watch, new WatchNews(reason, HasAnswer: true, isGap, seen), answer.Bytes.Span);
        return bytes;
    }

    // Null if there is no answer; then the watch has ended.
    private CommandResult? AskFor(Watch watch)
    {
        string reason;
        try
        {
            CommandResult answer = _store.Query(watch.Key, watch.Query);
            if (answer.Kind == ResponseKind.Applied)
                return answer;

            reason = Encoding.UTF8.GetString(answer.Bytes.Span);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            reason = $"Machine '{_options.Machine.Name}' failed: {failure.Message}";
        }

        Unwatch(watch.Client, watch.Number);
        Tell(watch.Client, watch.Number, WatchEnd.Refused, reason);
        return null;
    }

    private void EndWatches(WatchEnd end, string reason)
    {
        foreach (Watch watch in _watches.All)
        {
            _watches.Remove(watch);
            Tell(watch.Client, watch.Number, end, reason);
        }

        Counters.Watches = 0;
    }

    private void Tell(ConnectionId client, long watch, WatchEnd end, string reason)
    {
        _news.Clear();
        _news.WriteByte((byte)end);
        _news.WriteBytes(Encoding.UTF8.GetBytes(reason));
        PendingRequest request = new(client, watch, 0, default);
        Reply(request, ResponseKind.WatchEnded, _news.Written);
    }

    private void Tell(Watch watch, in WatchNews news, ReadOnlySpan<byte> answer)
    {
        _news.Clear();
        news.WriteTo(_news);
        _news.WriteBytes(answer);
        PendingRequest request = new(watch.Client, watch.Number, 0, default);
        Reply(request, ResponseKind.Watched, _news.Written);
    }
}
