using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>Looks at what a node tells on its connections: a watch begins with the state of now,
/// and whoever keeps up has been told of a change before any answer that reflects it.</summary>
internal sealed class WatchDesk(World world, NodeId node, Func<GroupId, NodeAudit> audits)
{
    private readonly Dictionary<(long Client, long Number), Asked> _asked = [];
    private readonly Dictionary<long, List<Asked>> _served = [];

    /// <summary>From how large a window on a client is never late.</summary>
    public static int PromptBytes => 4 << 20;

    /// <summary>A frame of a client arrives.</summary>
    public void Arrives(ConnectionId client, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        RequestHead head = RequestHead.ReadFrom(ref reader);
        Asked asked = new() { Group = head.Group };
        switch (head.Kind)
        {
            case RequestKind.Watch:
                WatchRequest watch = WatchRequest.ReadFrom(ref reader);
                asked.IsPrompt = watch.WindowBytes >= PromptBytes;
                asked.Told = watch.Seen.Version;
                asked.Key = StableHash.Of(reader.ReadSized());
                break;
            case RequestKind.Query:
            case RequestKind.NearQuery:
                asked.Key = StableHash.Of(reader.ReadSized());
                break;
            case RequestKind.Command:
            case RequestKind.StepwiseCommand:
                asked.Key = StableHash.Of(Envelope.ReadFrom(ref reader).Key);
                break;
            case RequestKind.Unwatch:
                End(client, head.Number);
                return;
            default:
                return;
        }

        _asked[(client.Number, head.Number)] = asked;
    }

    /// <summary>A frame leaves for a client.</summary>
    public void Leaves(ConnectionId client, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        ResponseHead head = ResponseHead.ReadFrom(ref reader);
        if (!_asked.TryGetValue((client.Number, head.Number), out Asked? asked))
            return;

        if (head.Kind == ResponseKind.Watched)
            Tells(client, asked, WatchNews.ReadFrom(ref reader));
        else if (head.Kind == ResponseKind.WatchEnded)
            End(client, head.Number);
        else
            Answers(client, (head.Number, head.Kind), asked);
    }

    /// <summary>The machine of a group, or all of its replica, begins anew: whoever watched is
    /// told, or has lost the connection.</summary>
    public void Ended(GroupId group)
    {
        foreach (List<Asked> served in _served.Values)
            served.RemoveAll(watch => watch.Group == group);
    }

    private void Tells(ConnectionId client, Asked watch, in WatchNews news)
    {
        if (!_served.TryGetValue(client.Number, out List<Asked>? served))
            _served[client.Number] = served = [];
        if (news.Reason == WatchReason.Began)
            served.Add(watch);
        if (!news.HasAnswer)
            return;

        long now = audits(watch.Group).VersionOf(watch.Key);
        bool isNow = news.Reason == WatchReason.Began;
        if (news.Seen.Version > now || (isNow && news.Seen.Version != now))
        {
            throw world.Violated(
                $"{node} tells state {news.Seen.Version} of a key that is at {now}");
        }

        watch.Told = news.Seen.Version;
    }

    private void Answers(ConnectionId client, (long Number, ResponseKind Kind) answer, Asked asked)
    {
        _asked.Remove((client.Number, answer.Number));
        if (answer.Kind != ResponseKind.Applied
            || !_served.TryGetValue(client.Number, out List<Asked>? served))
        {
            return;
        }

        long now = audits(asked.Group).VersionOf(asked.Key);
        foreach (Asked watch in served)
        {
            bool isSame = watch.Group == asked.Group && watch.Key == asked.Key;
            if (isSame && watch.IsPrompt && watch.Told < now)
            {
                throw world.Violated(
                    $"{node} answers from state {now} of a key and has told {watch.Told}");
            }
        }
    }

    private void End(ConnectionId client, long number)
    {
        if (_asked.Remove((client.Number, number), out Asked? watch)
            && _served.TryGetValue(client.Number, out List<Asked>? served))
        {
            served.Remove(watch);
        }
    }

    private sealed class Asked
    {
        public GroupId Group { get; init; }

        public ulong Key { get; set; }

        public bool IsPrompt { get; set; }

        public long Told { get; set; }
    }
}
