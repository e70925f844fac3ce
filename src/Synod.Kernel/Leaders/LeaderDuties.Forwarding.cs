namespace Synod.Kernel;

/// <summary>Commands that a follower is asked for and passes on to its leader.</summary>
/// <remarks>Sent once, since a command may have no identity: if the frame or its answer is lost,
/// nothing is known. An answer is certain: the leader of the reign says where it has appended the
/// command, or that it has not and will not. Only the leader of that very reign and life answers,
/// and it takes a tag of a life of a follower once.</remarks>
public sealed partial class LeaderDuties<TReign>
{
    private Forwards? _forwards;

    /// <summary>A follower has passed a command on.</summary>
    [Rule(LeaderRules.ForwardedOnce)]
    [Rule(LeaderRules.UncommittedIsBounded)]
    public void Receive(in Turn turn, Member from, in Forward<TReign> message, Outbox outbox)
    {
        bool isMine = IsPresent(message.Reign)
            && Role is Leading leads
            && leads.ForwardsOf(from).TryTake(message.Life, message.Tag);
        if (!isMine || Role is not Leading leading)
            return;

        Payload command = Payload.Transient(message.CommandOffset, message.CommandLength);
        RejectReason? objection = ObjectionTo(leading, command);
        EndRest(turn, leading, speakAt: turn.Now + _options.HeartbeatInterval);
        LogIndex index = objection is null
            ? AppendCommand(leading, default, command, outbox)
            : LogIndex.Zero;
        outbox.SendAtOnce(
            MemberSet.Of(from),
            new ForwardReply<TReign>(message.Reign, message.Life, message.Tag, index, objection),
            LeaderRules.ForwardedOnce);
    }

    /// <summary>The leader says what has become of it.</summary>
    // An entry that was delivered before its answer came was nobody's, and its result is gone.
    [Rule(LeaderRules.ForwardedOnce)]
    public void Receive(in Turn turn, Member from, in ForwardReply<TReign> message, Outbox outbox)
    {
        bool isMine = IsPresent(message.Reign)
            && message.Life == _life
            && Leader == from
            && from != _self;
        if (!isMine)
            return;

        if (message.Reason is RejectReason reason)
            Refuse(_forwards?.Take(message.Tag) ?? default, reason, outbox);
        else if (message.Index <= _kernel.Committed)
            GiveUp(_forwards?.Take(message.Tag) ?? default, outbox);
        else if (_forwards?.Appended(message.Tag, message.Index) == false)
            outbox.Violated(LeaderRules.ForwardedOnce, from);
    }

    private bool TryForward(
        in Turn turn, (RequestId Request, Payload Command) asked, Outbox outbox)
    {
        bool isPossible = _options.ForwardsProposals
            && Role is Following { Leader: Member known }
            && !_disconnected.Contains(known);
        if (!isPossible || Leader is not Member leader)
            return false;

        (RequestId request, Payload command) = asked;
        int bytes = command.Length + LeaderOptions.CommandOverhead;
        bool fits = _forwards is null
            || _forwards.Count == 0
            || (_forwards.Count < ForwardWindow.TagsMax / 2
                && _forwards.Bytes + bytes <= _options.UncommittedBytesMax);
        if (!fits)
        {
            outbox.Reject(request, RejectReason.Overloaded);
            return true;
        }

        _forwards ??= new Forwards();
        long tag = _forwards.Add(request, bytes, turn.Now + (_options.ElectionTimeout * 2));
        outbox.SendAtOnce(
            MemberSet.Of(leader),
            new Forward<TReign>(_kernel.Reign, _life, tag),
            LeaderRules.ForwardedOnce,
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
