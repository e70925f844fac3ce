using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Commands that a follower is asked for and passes on to its leader.</summary>
/// <remarks>Sent once, since a command may have no identity: if the frame or its answer is lost,
/// nothing is known. An answer is certain: the leader of the ballot says where it has proposed the
/// command, or that it has not and will not. Only the leader of that very ballot and life answers,
/// and it takes a tag of a life of a follower once.</remarks>
internal sealed partial class MultiPaxosReplica
{
    private readonly Forwards _forwards = new();
    private readonly (ulong Boot, uint Life) _life;

    [Rule(MultiPaxosRules.ForwardedOnce)]
    [Rule(MultiPaxosRules.UncommittedIsBounded)]
    public void Receive(in Turn turn, Member from, in Forward message, Outbox outbox)
    {
        bool isMine = message.Ballot == _state.Promised
            && _role is MultiPaxosRole.Leading leads
            && leads.ForwardsOf(from).TryTake(message.Life, message.Tag);
        if (!isMine || _role is not MultiPaxosRole.Leading leading)
            return;

        Payload command = Payload.Transient(message.CommandOffset, message.CommandLength);
        RejectReason? objection = ObjectionTo(leading, command);
        EndRest(turn, leading, speakAt: turn.Now + _options.HeartbeatInterval);
        LogIndex slot = objection is null
            ? AppendCommand(leading, default, command, outbox)
            : LogIndex.Zero;
        outbox.SendAtOnce(
            MemberSet.Of(from),
            new ForwardReply(message.Ballot, message.Life, message.Tag, slot, objection),
            MultiPaxosRules.ForwardedOnce);
    }

    // What was delivered before its answer came was nobody's, and its result is gone.
    [Rule(MultiPaxosRules.ForwardedOnce)]
    public void Receive(in Turn turn, Member from, in ForwardReply message, Outbox outbox)
    {
        bool isMine = message.Ballot == _state.Promised
            && message.Life == _life
            && Leader == from
            && from != _self;
        if (!isMine)
            return;

        if (message.Reason is RejectReason reason)
            Refuse(_forwards.Take(message.Tag), reason, outbox);
        else if (message.Slot <= _state.Chosen)
            GiveUp(_forwards.Take(message.Tag), outbox);
        else if (!_forwards.Appended(message.Tag, message.Slot))
            outbox.Violated(MultiPaxosRules.ForwardedOnce, from);
    }

    private bool TryForward(
        in Turn turn, (RequestId Request, Payload Command) asked, Outbox outbox)
    {
        bool isPossible = _options.ForwardsProposals
            && _role is MultiPaxosRole.Following { Leader: Member known }
            && !_disconnected.Contains(known);
        if (!isPossible || Leader is not Member leader)
            return false;

        (RequestId request, Payload command) = asked;
        int bytes = command.Length + MultiPaxosOptions.CommandOverhead;
        bool fits = _forwards.Count == 0
            || (_forwards.Count < ForwardWindow.TagsMax / 2
                && _forwards.Bytes + bytes <= _options.UncommittedBytesMax);
        if (!fits)
        {
            outbox.Reject(request, RejectReason.Overloaded);
            return true;
        }

        long tag = _forwards.Add(request, bytes, turn.Now + (_options.ElectionTimeout * 2));
        outbox.SendAtOnce(
            MemberSet.Of(leader),
            new Forward(_state.Promised, _life, tag),
            MultiPaxosRules.ForwardedOnce,
            [command]);
        return true;
    }

    // What a former leader took for others is not its own to give up.
    private static void GiveUp(RequestId request, Outbox outbox)
    {
        if (request != default)
            outbox.Abandon(request);
    }

    private static void Refuse(RequestId request, RejectReason reason, Outbox outbox)
    {
        if (request != default)
            outbox.Reject(request, reason);
    }
}
