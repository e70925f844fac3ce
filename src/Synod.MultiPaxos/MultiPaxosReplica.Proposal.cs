using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Phase 2: the proposer's side, and the acceptor's.</summary>
internal sealed partial class MultiPaxosReplica
{
    private readonly MultiPaxosAccepting _accepted;
    private MultiPaxosSlotHead[] _heads = new MultiPaxosSlotHead[4];
    private Payload[] _commands = new Payload[4];

    public void Propose(
        in Turn turn, RequestId request, Payload command, in Footprint footprint, Outbox outbox)
    {
        if (_role is not MultiPaxosRole.Leading leading)
        {
            Doubt(turn, outbox);
            if (!TryForward(turn, (request, command), outbox))
                outbox.Reject(request, RejectReason.NotLeader);
            Arm(outbox);
        }
        else if (ObjectionTo(leading, command) is RejectReason objection)
        {
            outbox.Reject(request, objection);
        }
        else
        {
            EndRest(turn, leading, speakAt: turn.Now + _options.HeartbeatInterval);
            Arm(outbox);
            AppendCommand(leading, request, command, outbox);
        }
    }

    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    public void Receive(in Turn turn, Member from, in Accept message, Outbox outbox)
    {
        if (message.Ballot.Proposer != from || _role is MultiPaxosRole.Leading
            && message.Ballot == _state.Promised)
        {
            outbox.Violated(MultiPaxosRules.OneValuePerBallot, from);
            return;
        }

        if (message.Ballot < _state.Promised)
        {
            Refuse(from, outbox);
            return;
        }

        if (message.Ballot > _state.Promised)
            Adopt(turn, message.Ballot, outbox);
        Follow(turn, from, outbox);
        HearLeader(turn, from);
        HearTransfers(message);
        TryStore(message, outbox);
        FollowChosen(message, outbox);
        Acknowledge(message, outbox);
        AskForChosen(turn, message, outbox);
        if (message.Rests)
            Rest(message, from);
    }

    [Rule(MultiPaxosRules.MajorityChooses)]
    [Rule(MultiPaxosRules.CheckQuorum)]
    public void Receive(in Turn turn, Member from, in Accepted message, Outbox outbox)
    {
        bool isMine = message.Ballot == _state.Promised && _role is MultiPaxosRole.Leading;
        if (!isMine || _role is not MultiPaxosRole.Leading leading)
            return;

        if (message.Through > _state.Slots.Last || message.Round > leading.Round)
        {
            outbox.Violated(MultiPaxosRules.MajorityChooses, from);
            return;
        }

        PeerProgress peer = leading.Peers[from.Index];
        if (!peer.TryLearn(message.Damage, message.Health, leading.Base))
            return;
        if (peer.Health != KernelHealth.Whole)
            EndTransferTo(turn, leading, from, outbox);

        peer.Answered(turn.Now, message.Round);
        if (peer.Health != KernelHealth.Voiceless)
            leading.Lease.Answered(from, message.Round);
        leading.Knows(from, message.Chosen);
        GoOn(turn, leading, (from, message));
        FillBehind(message, outbox);
        AdvanceChosen(leading, outbox);
        ConfirmReads(leading, outbox);
        FallSilent(leading);
    }

    // One that takes nothing, since its disk is full or it must learn first, is sent something
    // again now and then: not with each answer, or there would be no end to answers.
    [Rule(MultiPaxosRules.Pipelining)]
    private void GoOn(
        in Turn turn,
        MultiPaxosRole.Leading leading,
        in (Member From, Accepted Message) answer)
    {
        PeerProgress peer = leading.Peers[answer.From.Index];
        LogIndex through = LogIndex.Max(answer.Message.Through, leading.Base);
        bool isNews = through > peer.Match;
        if (!isNews && !leading.MayRetry(answer.From, turn.Now, _options.HeartbeatInterval))
            return;

        peer.Accepted(through);
        if (answer.Message.HasGap)
            peer.Refused(answer.Message.Before, answer.Message.Through);
    }

    // A command that is larger than the bound still passes when nothing else waits.
    [Rule(MultiPaxosRules.LeadershipTransfer)]
    [Rule(MultiPaxosRules.StorageReserve)]
    [Rule(MultiPaxosRules.UncommittedIsBounded)]
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    private RejectReason? ObjectionTo(MultiPaxosRole.Leading leading, Payload command)
    {
        if (leading.Transfer is not null)
            return RejectReason.Transferring;
        if (_pressure != StoragePressure.None)
            return RejectReason.StorageFull;

        int bytes = command.Length + MultiPaxosOptions.CommandOverhead;
        bool fits = leading.UncommittedBytes == 0
            || leading.UncommittedBytes + bytes <= _options.UncommittedBytesMax;
        bool isNear = _state.Slots.Last < _state.Chosen + _options.SlotsAheadMax;
        return fits && isNear ? null : RejectReason.Overloaded;
    }

    // A forwarded command is nobody's request here.
    private LogIndex AppendCommand(
        MultiPaxosRole.Leading leading, RequestId request, Payload command, Outbox outbox)
    {
        LogIndex slot = _state.Slots.Last.Next();
        MultiPaxosSlotHead head =
            new(_state.Promised, MultiPaxosValueKind.Command, command.Length);
        Store(slot, head, command, outbox);
        leading.UncommittedBytes += command.Length + MultiPaxosOptions.CommandOverhead;
        leading.Proposals.Enqueue((slot, request));
        return slot;
    }

    // In steady state all followers are at the same place, so a batch is encoded once for all.
    [Rule(MultiPaxosRules.Pipelining)]
    private void Replicate(MultiPaxosRole.Leading leading, Outbox outbox)
    {
        foreach (Member peer in _others)
        {
            while (IsBehind(leading, peer))
                SendBatch(leading, AtSamePlace(leading, peer), outbox);
        }
    }

    // It takes none that are too far beyond what it knows to be chosen: it must learn that first.
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    private bool IsBehind(MultiPaxosRole.Leading leading, Member peer)
    {
        PeerProgress progress = leading.Peers[peer.Index];
        return progress.Next <= _state.Slots.Last
            && progress.Next <= leading.KnownBy(peer) + _options.SlotsAheadMax
            && progress.HasRoom(_options.InFlightMessagesMax, _options.InFlightBytesMax)
            && !_disconnected.Contains(peer);
    }

    private MemberSet AtSamePlace(MultiPaxosRole.Leading leading, Member first)
    {
        LogIndex next = leading.Peers[first.Index].Next;
        long damage = leading.Peers[first.Index].Damage;
        MemberSet same = default;
        foreach (Member peer in _others)
        {
            bool isAlike = leading.Peers[peer.Index].Next == next
                && leading.Peers[peer.Index].Damage == damage;
            if (isAlike && IsBehind(leading, peer))
                same = same.With(peer);
        }

        return same;
    }

    private void SendBatch(MultiPaxosRole.Leading leading, MemberSet to, Outbox outbox)
    {
        PeerProgress one = FirstOf(leading, to);
        LogIndex first = one.Next;
        (int count, int bytes) = Gather(first, _state.Slots.Last);
        outbox.SendAtOnce(
            to,
            Message(leading, one, _heads.AsSpan(0, count)),
            MultiPaxosRules.LeaderWritesInParallel,
            _commands.AsSpan(0, count));
        foreach (Member peer in to)
        {
            leading.Peers[peer.Index].SentCommit(_state.Chosen);
            leading.Peers[peer.Index].Sent(first.Previous() + count, bytes);
        }
    }

    private static PeerProgress FirstOf(MultiPaxosRole.Leading leading, MemberSet to)
    {
        MemberSet.Enumerator members = to.GetEnumerator();
        members.MoveNext();
        return leading.Peers[members.Current.Index];
    }

    private (int Count, int Bytes) Gather(LogIndex first, LogIndex last)
    {
        int count = 0;
        int bytes = 0;
        for (LogIndex slot = first; slot <= last; slot = slot.Next())
        {
            MultiPaxosValue value = _state.Slots[slot];
            bool isFull = count >= _options.SlotsPerMessageMax
                || (count > 0 && bytes + value.Command.Length > _options.BytesPerMessageMax);
            if (isFull)
                break;

            GrowBatch(count + 1);
            _heads[count] = new MultiPaxosSlotHead(value.Ballot, value.Kind, value.Command.Length);
            _commands[count] = value.Command;
            count++;
            bytes += value.Command.Length;
        }

        return (count, bytes);
    }

    private void GrowBatch(int count)
    {
        if (count <= _heads.Length)
            return;

        Array.Resize(ref _heads, _heads.Length * 2);
        Array.Resize(ref _commands, _commands.Length * 2);
    }

    private void SendHeartbeats(
        in Turn turn, MultiPaxosRole.Leading leading, Outbox outbox)
    {
        RenewLease(turn, leading);
        leading.HeartbeatDue = turn.Now + _options.HeartbeatInterval;
        foreach (Member peer in _others)
            SendHeartbeat(leading, peer, outbox);

        // A request to campaign may have been lost.
        if (leading.Transfer is { IsAsked: true } transfer)
            AskToCampaign(leading, transfer, outbox);
    }

    private void SendHeartbeat(MultiPaxosRole.Leading leading, Member peer, Outbox outbox)
    {
        leading.Peers[peer.Index].SentCommit(_state.Chosen);
        outbox.SendAtOnce(
            MemberSet.Of(peer),
            Message(leading, leading.Peers[peer.Index], default),
            MultiPaxosRules.LeaderWritesInParallel);
    }

    private Accept Message(
        MultiPaxosRole.Leading leading,
        PeerProgress to,
        ReadOnlySpan<MultiPaxosSlotHead> slots) => new()
        {
            Ballot = _state.Promised,
            First = to.Next,
            Base = leading.Base,
            Chosen = _state.Chosen,
            Round = leading.Round,
            Rests = leading.RestRound > 0 && to.Next.Previous() == _state.Slots.Last,
            TransfersOver = leading.TransfersOver,
            Damage = to.Damage,
            Last = _state.Slots.Last,
            Slots = slots,
        };

    // What is chosen is never touched; what is there in this ballot already is the same. Slots may
    // come in any order: a hole is seen by the answer.
    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    private void TryStore(in Accept message, Outbox outbox)
    {
        LogIndex slot = message.First;
        LogIndex last = _state.Chosen + _options.SlotsAheadMax;
        int offset = message.CommandsOffset;
        foreach (MultiPaxosSlotHead head in message.Slots)
        {
            bool isNew = slot > _state.Chosen
                && slot <= last
                && _state.Slots[slot].Ballot < message.Ballot;
            if (isNew)
            {
                Payload command = Payload.Transient(offset, head.Length);
                Accept(slot, head with { Ballot = message.Ballot }, command, outbox);
            }

            slot = slot.Next();
            offset += head.Length;
        }
    }

    // A full disk takes what costs no more than a vote: a no-op, by which a new leader fills a
    // hole. Without it that leader would never answer a read.
    [Rule(MultiPaxosRules.StorageReserve)]
    private void Accept(
        LogIndex slot, in MultiPaxosSlotHead head, Payload command, Outbox outbox)
    {
        if (_pressure != StoragePressure.Full || head.Kind == MultiPaxosValueKind.NoOp)
            Store(slot, head, command, outbox);
    }

    // Answers of one turn are one answer: it says what the newest message finds.
    [Rule(MultiPaxosRules.MajorityChooses)]
    private void Acknowledge(in Accept message, Outbox outbox)
    {
        LogIndex through = _accepted.Through(message.Base);
        LogIndex before = message.First.Previous();
        long round = Math.Max(_owedReply?.Round ?? 0, message.Round);
        _owedReply = new Accepted(
            message.Ballot,
            through,
            before,
            HasGap: through < before,
            _state.Slots.Last,
            _state.Chosen,
            round);
        TryBecomeWhole(message, through, outbox);
    }

    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    private void PayOwedReply(Outbox outbox)
    {
        if (_owedReply is not Accepted reply || Leader is not Member leader)
            return;

        Accepted honest = reply with { Damage = _state.Damage.Number, Health = Health };
        outbox.Send(MemberSet.Of(leader), honest);
        _owedReply = null;
    }

    // The mark that goes with it says what is chosen by now; at most the slot itself.
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    private void Store(
        LogIndex slot, in MultiPaxosSlotHead head, Payload command, Outbox outbox)
    {
        LogIndex chosen = LogIndex.Min(_state.Chosen, slot);
        ValueRecord record = new(slot, head.Ballot, head.Kind, chosen);
        Payload logged = outbox.Persist(record, command);
        _state.Mark(chosen);
        _state.Slots.Set(
            slot, new MultiPaxosValue(head.Ballot, head.Kind, logged, outbox.Appended));
    }

    // Values that are there already are accepted by name.
    [Rule(MultiPaxosRules.DurableBeforeAnswer)]
    private void Raise(LogIndex first, LogIndex last, Outbox outbox)
    {
        outbox.Persist(new BallotRecord(first, last, _state.Promised));
        for (LogIndex slot = first; slot <= last; slot = slot.Next())
            _state.Slots.Raise(slot, _state.Promised, outbox.Appended);
    }

    private void HearTransfers(in Accept message)
    {
        if (message.TransfersOver > TransfersOver)
            _transfersOver = (_state.Promised, message.TransfersOver);
    }

    // Whether a connection is up is the transport's news alone. What a dead leader sent last may be
    // read after the news that its connection is down; it must not make the leader heard again.
    [Rule(MultiPaxosRules.BrokenConnectionIsNews)]
    private void HearLeader(in Turn turn, Member leader)
    {
        PromiseLeader(turn);
        if (_disconnected.Contains(leader))
            return;

        _waitsNoLonger = false;
        _leaderWasHeard = true;
        _leaderHeard = turn.Now;
        _electionDue = turn.Now + ElectionWait();
    }
}
