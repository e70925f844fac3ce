using System.Text;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Changes of keys that are watched, told to so many as fit into a turn; the others wait
/// in a line and are told in the next ones, so that many watches stall no shard.</content>
internal sealed partial class Replica
{
    // What it costs to look at one who need not be told.
    private const long LookBytes = 16;

    private long _tellRoom;
    private long _askRoom;

    // Each in the line gets a turn, however often the keys of others change.
    private void TellOn()
    {
        _tellRoom = _askRoom = _options.Watching.TurnBytesMax;
        if (_watches is null)
            return;

        for (int topics = _watches.Line.Count; topics > 0 && _tellRoom > 0; topics--)
        {
            WatchTopic topic = _watches.Line.Dequeue();
            topic.IsInLine = false;
            TellOrLine(topic);
        }
    }

    private void TellWatches(ReadOnlySpan<byte> key, long version)
    {
        if (_watches?.On(key) is not IReadOnlyList<WatchTopic> topics)
            return;

        for (int next = 0; next < topics.Count;)
        {
            WatchTopic topic = topics[next];
            bool isKept = !topic.IsFull && !_watches.IsFull && _askRoom > 0;
            if (isKept)
                topic.Add(Ask(topic, version));
            else
                topic.Skip();
            if (!topic.IsInLine)
                TellOrLine(topic);

            // It is gone if the machine has refused the query, and the next one is in its place.
            bool isThere = next < topics.Count && topics[next] == topic;
            next += isThere ? 1 : 0;
        }
    }

    // Who watches on the connection on which an answer leaves has seen what the answer reflects.
    private void TellAhead(RequestId request, ReadOnlySpan<byte> key)
    {
        if (_watches is null || _watches.Line.Count == 0 || _watches.On(key) is null
            || !_pending.TryGet(request, out PendingRequest pending)
            || _watches.Of(pending.Client) is not ClientWatches own)
        {
            return;
        }

        // Those who are refused leave the topics, and a topic that nobody watches is gone.
        WatchTopic[] topics = [.. _watches.On(key) ?? []];
        _tellRoom -= topics.Length * LookBytes;
        foreach (WatchTopic topic in topics)
        {
            bool isOwn = own.TryGet(topic, out IReadOnlyCollection<Watch>? watches);
            if (isOwn && topic.IsBehind && topic.TryGetAhead(pending.Client.Number))
                TellAhead([.. watches ?? []], topic);
        }
    }

    // What is kept for the others stays as it is: they are told in their turn.
    private void TellAhead(Watch[] own, WatchTopic topic)
    {
        foreach (WatchChange change in topic.Changes)
            TellAll(own, change);
        if (topic.HasSkipped)
            TellAll(own, Latest(topic));
    }

    private void TellAll(Watch[] watches, in WatchChange change)
    {
        foreach (Watch watch in watches)
            Tell(watch, change);
    }

    private void TellOrLine(WatchTopic topic)
    {
        while (_tellRoom > 0)
        {
            if (topic.TryTakeNext(out (Watch Watch, WatchChange Change) next))
                Tell(next.Watch, next.Change);
            else if (topic.HasSkipped && topic.Watches.Count > 0)
                topic.Add(Latest(topic));
            else
                return;
        }

        topic.IsInLine = true;
        _watches?.Line.Enqueue(topic);
    }

    private WatchChange Latest(WatchTopic topic) => Ask(topic, _store.VersionOf(topic.Key));

    private WatchChange Ask(WatchTopic topic, long version)
    {
        WatchChange change = new(version, AnswerTo(topic));
        _askRoom -= change.Weight;
        return change;
    }

    private void Tell(Watch watch, in WatchChange change)
    {
        if (watch.IsLate || watch.Place is null || change.Version <= watch.Seen)
        {
            _tellRoom -= LookBytes;
            return;
        }

        _tellRoom -= change.Weight;
        if (change.Answer.Kind == ResponseKind.Applied)
            TryTell(watch, WatchReason.DataChanged, change);
        else
            Refuse(watch, change.Answer);
    }

    // False if the client was not told: it is late, or the watch has ended.
    private bool TryTellLatest(Watch watch, WatchReason reason, long version)
    {
        CommandResult answer = AnswerTo(watch.Topic);
        if (answer.Kind == ResponseKind.Applied)
            return TryTell(watch, reason, new WatchChange(version, answer));

        Refuse(watch, answer);
        return false;
    }

    private bool TryTell(Watch watch, WatchReason reason, in WatchChange change)
    {
        bool isGap = watch.HasGapBefore(change.Version);
        if (!watch.TryTell(change.Version, change.Weight))
            return false;

        Counters.WatchGaps += isGap ? 1 : 0;
        WatchToken seen = new(StateLineage, change.Version);
        WatchNews news = new(reason, HasAnswer: true, isGap, seen);
        Tell(watch, news, change.Answer.Bytes.Span);
        return true;
    }

    private void Refuse(Watch watch, in CommandResult answer)
    {
        Unwatch(watch.Client, watch.Number);
        string reason = Encoding.UTF8.GetString(answer.Bytes.Span);
        Tell(watch.Client, watch.Number, WatchEnd.Refused, reason);
    }

    // Refused with the reason, also if the machine fails at it.
    private CommandResult AnswerTo(WatchTopic topic)
    {
        try
        {
            return _store.Query(topic.Key, topic.Query);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            string reason = $"Machine '{_options.Machine.Name}' failed: {failure.Message}";
            return new CommandResult(ResponseKind.Refused, Encoding.UTF8.GetBytes(reason));
        }
    }
}
