using System.Buffers.Binary;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What a client makes of answers.</summary>
public sealed partial class ClientCore
{
    /// <summary>A frame of a node.</summary>
    public void Received(Instant now, int node, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        ResponseHead head = ResponseHead.ReadFrom(ref reader);
        if (!reader.IsValid || head.Group != _options.Group)
            return;

        if (!_tries.TryGetValue(head.Number, out ClientCall? call))
        {
            ReceivedForWatch(now, node, head, frame[reader.Position..]);
            return;
        }

        if (call.Node != node)
            return;

        if (head.Kind == ResponseKind.Committed)
        {
            TakeCommitted(call);
            return;
        }

        EndTry(call);
        bool needsQuorum =
            call.IsCommand || call.Kind is (RequestKind.Query or RequestKind.NearQuery);
        if (needsQuorum && head.Kind != ResponseKind.NoQuorum)
            _lacking.Remove(node);
        bool isServed = needsQuorum && head.Kind is
            (ResponseKind.Applied or ResponseKind.Refused or ResponseKind.OutOfOrder);
        if (isServed)
            (_served[node], _pauses[node]) = (now, TimeSpan.Zero);
        Take(now, call, (node, head.Kind), frame[reader.Position..]);
    }

    // The result is still to come, if need be from another node.
    private void TakeCommitted(ClientCall call)
    {
        call.MayHaveHappened = true;
        bool isNews = !call.IsCommitted || (call.IsNext && !call.IsCertain);
        if (!isNews || call.Kind != RequestKind.StepwiseCommand)
            return;

        (call.IsCommitted, call.IsCertain) = (true, call.IsNext);
        _port.Committed(call.Number, call.IsCertain);
    }

    // Another node may reach a majority. When none does, and it stays so, whoever waits is told,
    // unless an earlier try may have happened: then only the identity can tell.
    private void LackQuorum(Instant now, ClientCall call, int node)
    {
        if (_lacking.Count == 0)
            _lackedSince = now;
        _lacking.Add(node);
        Instant since = call.Begun > _lackedSince ? call.Begun : _lackedSince;
        bool isLasting = !call.WaitsForQuorum && now - since >= _options.QuorumWait;
        for (int other = 0; other < _nodes.Length; other++)
            isLasting &= _nodes[other] is null || _lacking.Contains(other);
        if (isLasting)
        {
            Turn(now, call, ResponseKind.NoQuorum, default);
            return;
        }

        Avoid(now, call, (node, ResponseKind.NoQuorum), default);
    }

    private void Avoid(
        Instant now, ClientCall call, (int Node, ResponseKind Kind) from, ReadOnlySpan<byte> bytes)
    {
        Forget(now, from.Node);
        LeaveAlone(now, from.Node);
        Refused(now, call, from.Kind, bytes);
    }

    private void Take(
        Instant now, ClientCall call, (int Node, ResponseKind Kind) from, ReadOnlySpan<byte> bytes)
    {
        int node = from.Node;
        switch (from.Kind)
        {
            case ResponseKind.Applied:
            case ResponseKind.Refused:
                _leader = call.IsCommand || call.Kind == RequestKind.Query ? node : _leader;
                Complete(now, call, from.Kind, bytes);
                break;
            case ResponseKind.OutOfOrder:
                Reorder(now, call, bytes);
                break;
            case ResponseKind.NotLeader:
                FollowHint(now, call, node, bytes);
                break;
            case ResponseKind.Unavailable:
                Avoid(now, call, from, bytes);
                break;
            case ResponseKind.NoQuorum:
                LackQuorum(now, call, node);
                break;
            case ResponseKind.Overloaded:
            case ResponseKind.StorageFull:
            case ResponseKind.TooLarge:
            case ResponseKind.NotAllowed:
            case ResponseKind.Malformed:
                Turn(now, call, from.Kind, bytes);
                break;
            case ResponseKind.Unknown:
            case ResponseKind.Superseded:
            case ResponseKind.Watched:
            case ResponseKind.WatchEnded:
            case ResponseKind.Committed:
                LeaveOpen(now, call, node);
                break;
        }
    }

    private void LeaveOpen(Instant now, ClientCall call, int node)
    {
        call.MayHaveHappened = true;
        Forget(now, node);
        Wait(now, call);
    }

    // An answer that is final unless an earlier try may have happened: then only the identity can
    // tell, so the call goes on.
    private void Turn(Instant now, ClientCall call, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        if (call.MayHaveHappened)
            Refused(now, call, kind, bytes);
        else
            Complete(now, call, kind, bytes);
    }

    private void Refused(Instant now, ClientCall call, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        call.IsTurnedAway = true;
        call.LastRefusal = kind;
        call.LastRefusalBytes = bytes.ToArray();
        Wait(now, call);
    }

    private void FollowHint(Instant now, ClientCall call, int node, ReadOnlySpan<byte> bytes)
    {
        Forget(now, node);
        uint hint = bytes.Length == sizeof(uint)
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
            : 0;
        int hinted = Array.IndexOf(_nodes, new NodeId(hint));
        Refused(now, call, ResponseKind.NotLeader, bytes);
        if (hint == 0 || hinted < 0 || hinted == node)
        {
            LeaveAlone(now, node);
            return;
        }

        // One hop to the named leader is free, then a wait: two nodes that name each other must not
        // keep the client busy.
        (_leader, _isLed) = (hinted, true);
        if (call.HasHopped)
            return;

        call.HasHopped = true;
        Try(now, call);
    }

    // Safety §6: a later last means that a command given up did happen; an earlier one that a
    // command before this one is still on its way.
    private void Reorder(Instant now, ClientCall call, ReadOnlySpan<byte> bytes)
    {
        FrameReader reader = new(bytes);
        long last = reader.ReadCount();
        call.Order?.Shown(last);

        // That try has changed nothing and never will: the next one is committed anew.
        (call.IsCommitted, call.IsCertain) = (false, false);
        if (last > call.SentPrevious)
            Try(now, call);
        else
            Wait(now, call);
    }

    private void GiveUp(Instant now, ClientCall call)
    {
        bool isCertain = !call.MayHaveHappened && call.Node is null;
        EndTry(call);
        if (isCertain || !(call.IsCommand || call.Kind == RequestKind.Transfer))
            Complete(now, call, call.LastRefusal, call.LastRefusalBytes);
        else
            Complete(now, call, ResponseKind.Unknown, default);
    }

    private void Complete(
        Instant now, ClientCall call, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        _calls.Remove(call.Number);
        _pendingBytes -= call.Weight;
        if (call.Order is KeyOrder order)
        {
            if (kind is ResponseKind.Applied or ResponseKind.Refused)
                order.Shown(call.Sequence);
            else if (kind == ResponseKind.Unknown)
                order.LeftOpen(call.Sequence);
            _orders.Remove(call);
            if (call.Behind is { IsBehind: true } behind)
                Try(now, behind);
        }

        _port.Completed(call.Number, kind, bytes);
    }
}
