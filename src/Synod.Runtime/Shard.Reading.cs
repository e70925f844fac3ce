using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>What the inbox has goes to the replica that it is for. A turn must end well within a
/// heartbeat: what clients want and it has no time for is read by the next one. What members say is
/// read to its end, before any timer is looked at: an answer that is here was not missed.</content>
public sealed partial class Shard
{
    private const int InputsPerLook = 16;

    // For what clients want, and for what machines do, twice.
    private static readonly TimeSpan WorkMax = TimeSpan.FromMilliseconds(5);

    // One long turn may be a pause of the whole process, which is no reason to refuse anything.
    private const int LateTurns = 4;

    private Instant _taken;
    private int _turnsLate;
    private TimeSpan _newsAge;
    private Instant _workUntil;

    private void NoteAge(Instant now, bool isLate)
    {
        _turnsLate = isLate ? _turnsLate + 1 : 0;
        _taken = isLate ? _taken : now;
        _newsAge = _turnsLate < LateTurns ? TimeSpan.Zero : now - _taken;
    }

    private void Read(Instant now, InboxLane.Side news, Instant end)
    {
        for (int read = 1; news.TryRead(out ShardInput input); read++)
        {
            Dispatch(now, input, news.BytesOf(input));
            if (read % InputsPerLook == 0 && _clock() > end)
                break;
        }
    }

    private void Dispatch(Instant now, in ShardInput input, ReadOnlySpan<byte> frame)
    {
        switch (input.Kind)
        {
            case ShardInputKind.PeerUp:
                _connected[input.Peer.Member.Node.Number] = input.Peer;
                TellAll(now, input);
                break;
            case ShardInputKind.PeerDown:
                if (_connected.Remove(input.Peer.Member.Node.Number, out PeerIdentity peer))
                    TellAll(now, input with { Peer = peer });
                break;
            case ShardInputKind.PeerFrame:
                DispatchPeer(now, input.Peer, frame);
                break;
            case ShardInputKind.ClientFrame:
                DispatchClient(now, input.Client, frame);
                break;
            case ShardInputKind.ClientGone:
                // Requests end by themselves; the transport drops the answers.
                foreach (Replica replica in _replicas.Values)
                    replica.ClientGone(input.Client);
                foreach (ReplicaLife life in _resting.Values)
                    life.Listeners?.Remove(input.Client.Number);
                break;
        }
    }

    private void TellAll(Instant now, in ShardInput news)
    {
        foreach (ulong group in _replicas.Keys)
            _untold.Enqueue((group, news));
        Tell(now);
    }

    // Up and down are told in turn, so this news must not be lost or told twice, not even when an
    // exception ends the turn: who was not told yet is told in the next one. A replica that begins
    // to live is told of all that is connected by then; nothing is left here at that time.
    private void Tell(Instant now)
    {
        while (_untold.TryDequeue(out (ulong Group, ShardInput News) next))
        {
            PeerIdentity peer = next.News.Peer;
            if (!_replicas.TryGetValue(next.Group, out Replica? replica))
                continue;

            if (next.News.Kind == ShardInputKind.PeerUp)
                Step(now, replica, (replica, now) => replica.PeerUp(now, peer));
            else
                Step(now, replica, (replica, now) => replica.PeerDown(now, peer));
        }
    }

    private void DispatchPeer(Instant now, PeerIdentity from, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        NodeFrame head = NodeFrame.ReadFrom(ref reader);
        if (!reader.IsValid)
        {
            _node.Counters.Violations++;
            _notices.Violated(default, from.Member.Node, "a frame has a head of this version");
        }
        else if (_replicas.TryGetValue(head.Group.Number, out Replica? replica))
        {
            _agenda.Touch(replica);
            _stepping = replica;
            replica.PeerFrame(now, from, head, frame[reader.Position..]);
            _stepping = null;
        }
    }

    private void DispatchClient(Instant now, ConnectionId client, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        RequestHead head = RequestHead.ReadFrom(ref reader);
        if (!reader.IsValid)
        {
            const string Rule = "a request has a head of this version";
            _node.Counters.Misuses++;
            _notices.Misused(default, client, Rule);
            Reply(client, RequestHead.Guess(frame), ResponseKind.Malformed, Rule);
            return;
        }

        if (Permissions.Objection(client.Role, head.Kind) is string objection)
        {
            Reply(client, head, ResponseKind.NotAllowed, objection);
            return;
        }

        if (_replicas.TryGetValue(head.Group.Number, out Replica? replica))
        {
            _agenda.Touch(replica);
            _stepping = replica;
            replica.Request(now, client, head, frame[reader.Position..]);
            _stepping = null;
            return;
        }

        Reply(client, head, ResponseKind.Unavailable, WhyUnavailable(head.Group));
    }

    private void Reply(
        ConnectionId client, in RequestHead head, ResponseKind kind, string reason)
    {
        FrameBuffer answer = new();
        new ResponseHead(head.Number, head.Group, kind).WriteTo(answer);
        answer.WriteBytes(System.Text.Encoding.UTF8.GetBytes(reason));
        _transport.Reply(client, answer.Written);
    }
}
