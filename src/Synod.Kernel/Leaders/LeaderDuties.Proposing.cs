namespace Synod.Kernel;

/// <summary>Commands on their way through a leader: taken, replicated, counted and
/// answered.</summary>
public sealed partial class LeaderDuties<TReign>
{
    /// <summary>A command to be ordered; see <see cref="IKernel.Propose"/>.</summary>
    public void Propose(in Turn turn, RequestId request, Payload command, Outbox outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        if (Role is not Leading leading)
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

    /// <summary>An entry is committed: who asked for it here, and waits for it.</summary>
    /// <param name="index">The entry.</param>
    /// <param name="bytes">How long its command is.</param>
    /// <returns>Zero if it is nobody of this life.</returns>
    public RequestId TakeProposal(LogIndex index, int bytes)
    {
        if (Role is not Leading leading)
            return _forwards?.Take(index) ?? default;

        if (!leading.Proposals.TryPeek(out (LogIndex Index, RequestId Request) oldest)
            || oldest.Index != index)
        {
            return default;
        }

        leading.Proposals.Dequeue();
        leading.UncommittedBytes -= bytes + LeaderOptions.CommandOverhead;
        return oldest.Request;
    }

    /// <summary>Up to where a majority holds what the leader has. Its own disk counts as far as it
    /// has flushed, like any other.</summary>
    [Rule(LeaderRules.DamagedIsNotCounted)]
    public LogIndex HeldByMajority(Leading leading)
    {
        ArgumentNullException.ThrowIfNull(leading);
        Span<long> matches = stackalloc long[_epoch.Members.Count];
        for (int member = 0; member < matches.Length; member++)
            matches[member] = leading.Peers[member].Counted.Number;
        matches[_self.Index] = _kernel.Durable.Number;
        return new LogIndex(_epoch.Quorums.AtMajority(matches));
    }

    // A command that is larger than the bound still passes when nothing else waits.
    [Rule(LeaderRules.LeadershipTransfer)]
    [Rule(LeaderRules.StorageReserve)]
    [Rule(LeaderRules.UncommittedIsBounded)]
    private RejectReason? ObjectionTo(Leading leading, Payload command)
    {
        if (leading.Transfer is not null)
            return RejectReason.Transferring;
        if (Pressure != StoragePressure.None)
            return RejectReason.StorageFull;

        int bytes = command.Length + LeaderOptions.CommandOverhead;
        bool fits = leading.UncommittedBytes == 0
            || leading.UncommittedBytes + bytes <= _options.UncommittedBytesMax;
        return fits && _kernel.HasRoom ? null : RejectReason.Overloaded;
    }

    // A forwarded command is nobody's request here.
    private LogIndex AppendCommand(
        Leading leading, RequestId request, Payload command, Outbox outbox)
    {
        LogIndex index = _kernel.Append(command, outbox);
        leading.UncommittedBytes += command.Length + LeaderOptions.CommandOverhead;
        leading.Proposals.Enqueue((index, request));
        return index;
    }

    // In steady state all followers are at the same place, so a batch is encoded once for all.
    [Rule(LeaderRules.Pipelining)]
    private void Replicate(Leading leading, Outbox outbox)
    {
        foreach (Member peer in _others)
        {
            while (MaySend(leading, peer))
                _kernel.SendBatch(leading, AtSamePlace(leading, peer), outbox);
        }
    }

    private bool MaySend(Leading leading, Member peer) =>
        leading.Peers[peer.Index].HasRoom(_options.InFlightMessagesMax, _options.InFlightBytesMax)
        && IsConnected(peer)
        && _kernel.IsBehind(leading, peer);

    private MemberSet AtSamePlace(Leading leading, Member first)
    {
        LogIndex next = leading.Peers[first.Index].Next;
        long damage = leading.Peers[first.Index].Damage;
        MemberSet same = default;
        foreach (Member peer in _others)
        {
            bool isAlike = leading.Peers[peer.Index].Next == next
                && leading.Peers[peer.Index].Damage == damage;
            if (isAlike && MaySend(leading, peer))
                same = same.With(peer);
        }

        return same;
    }
}
