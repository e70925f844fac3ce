using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Phase 2: the proposer's side, and the acceptor's.</summary>
internal sealed partial class MultiPaxosReplica
{
    private readonly MultiPaxosAccepting _accepted;
    private MultiPaxosSlotHead[] _heads = [];
    private Payload[] _commands = [];

    [Rule(MultiPaxosRules.AcceptUnlessPromised)]
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    public void Receive(in Turn turn, Member from, in Accept message, Outbox outbox)
    {
        if (message.Ballot.Proposer != from || _duties.Role is Leading
            && message.Ballot == _state.Promised)
        {
            outbox.Violated(MultiPaxosRules.OneValuePerBallot, from);
            return;
        }

        if (message.Ballot < _state.Promised)
        {
            TellReign(from, outbox);
            return;
        }

        if (message.Ballot > _state.Promised)
            Adopt(turn, message.Ballot, outbox);
        _duties.Follow(turn, from, outbox);
        _duties.HearLeader(turn, from);
        EndWaiting();
        _duties.HearTransfers(message.TransfersOver);
        TryStore(message, outbox);
        FollowChosen(message, outbox);
        Acknowledge(message, outbox);
        AskForChosen(turn, message, outbox);
        if (message.Rests)
            _duties.Rest(HoldsAllOf(message), from);
    }

    [Rule(MultiPaxosRules.MajorityChooses)]
    [Rule(MultiPaxosRules.CheckQuorum)]
    public void Receive(in Turn turn, Member from, in Accepted message, Outbox outbox)
    {
        bool isMine = message.Ballot == _state.Promised && _duties.Role is MultiPaxosLeading;
        if (!isMine || _duties.Role is not MultiPaxosLeading leading)
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
            _duties.EndTransferTo(turn, leading, from, outbox);

        peer.Answered(turn.Now, message.Round);
        if (peer.Health != KernelHealth.Voiceless)
            leading.Lease.Answered(from, message.Round);
        leading.Knows(from, message.Chosen);
        leading.IsFull(from, message.IsFull);
        LogIndex through = LogIndex.Max(message.Through, leading.Base);
        peer.Accept(through, turn.Now, _options.HeartbeatInterval);

        // Also of one that is left alone since it took nothing: what it lacks was lost.
        if (message.HasGap)
            peer.Refused(message.Before, message.Through);
        FillBehind(message, outbox);
        AdvanceChosen(leading, outbox);
        _duties.ConfirmReads(leading, outbox);
        _duties.FallSilent(leading);
    }

    // What waits for full disks is one slot: while it does, the group has no rest, so whoever has
    // room again says it in its next answer.
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    [Rule(MultiPaxosRules.FullIsNotOverrun)]
    public bool HasRoom => _state.Slots.Last
        < _state.Chosen + (IsMajorityTooFull ? 1 : _options.SlotsAheadMax);

    private bool IsMajorityTooFull => _duties.Role is MultiPaxosLeading leading
        && !_epoch.Quorums.IsMajority(_epoch.All.Except(leading.Full));

    public LogIndex Append(Payload command, Outbox outbox)
    {
        LogIndex slot = _state.Slots.Last.Next();
        MultiPaxosSlotHead head =
            MultiPaxosSlotHead.First(
                _state.Promised, MultiPaxosValueKind.Command, command.Length);
        Store(slot, head, command, outbox);
        return slot;
    }

    // It takes none that are too far beyond what it knows to be chosen: it must learn that first.
    [Rule(MultiPaxosRules.SlotsAheadAreBounded)]
    public bool IsBehind(Leading leading, Member peer)
    {
        LogIndex next = leading.Peers[peer.Index].Next;
        return next <= _state.Slots.Last
            && next <= Proposing(leading).KnownBy(peer) + _options.SlotsAheadMax;
    }

    private static MultiPaxosLeading Proposing(Leading leading) => (MultiPaxosLeading)leading;

    public void SendBatch(Leading leading, MemberSet peers, Outbox outbox)
    {
        PeerProgress one = leading.Peers[peers.First.Index];
        LogIndex first = one.Next;
        (int count, int bytes) = Gather(first, _state.Slots.Last);
        outbox.SendAtOnce(
            peers,
            Message(leading, one, _heads.AsSpan(0, count)),
            MultiPaxosRules.LeaderWritesInParallel,
            _commands.AsSpan(0, count));
        foreach (Member peer in peers)
        {
            leading.Peers[peer.Index].SentCommit(_state.Chosen);
            leading.Peers[peer.Index].Sent(first.Previous() + count, bytes);
        }
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
            _heads[count] = value.Head;
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

        int room = Math.Max(count, _heads.Length * 2);
        Array.Resize(ref _heads, room);
        Array.Resize(ref _commands, room);
    }

    public void SendHeartbeat(Leading leading, Member peer, Outbox outbox)
    {
        leading.Peers[peer.Index].SentCommit(_state.Chosen);
        outbox.SendAtOnce(
            MemberSet.Of(peer),
            Message(leading, leading.Peers[peer.Index], default),
            MultiPaxosRules.LeaderWritesInParallel);
    }

    private Accept Message(
        Leading leading, PeerProgress to, ReadOnlySpan<MultiPaxosSlotHead> slots) => new()
        {
            Ballot = _state.Promised,
            First = to.Next,
            Base = Proposing(leading).Base,
            Chosen = _state.Chosen,
            Round = leading.Round,
            Rests = leading.RestRound > 0 && to.Next.Previous() == _state.Slots.Last,
            TransfersOver = leading.TransfersOver,
            Damage = to.Damage,
            Last = _state.Slots.Last,
            Slots = slots,
        };

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
        if (_owedReply is not Accepted reply || _duties.Leader is not Member leader)
            return;

        Accepted honest = reply with
        {
            Damage = _state.Damage.Number,
            Health = Health,
            IsFull = IsFull,
        };
        outbox.Send(MemberSet.Of(leader), honest);
        _owedReply = null;
    }

    // What it has of the leader's ballot without a hole.
    public bool HoldsUpTo(LogIndex last)
    {
        LogIndex slot = _state.Chosen;
        while (slot < last && _state.Slots[slot.Next()].Ballot == _state.Promised)
            slot = slot.Next();
        return last <= slot;
    }

    private bool HoldsAllOf(in Accept message) =>
        _state.Chosen == message.Last && message.Slots.IsEmpty;
}
