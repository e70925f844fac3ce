using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups;

/// <summary>Looks at what the clients of a group see: every request ends exactly once, all members
/// run the same commands, and a read sees what was acknowledged before it. What the protocol
/// promises is watched by <see cref="IProtocolAudit"/>.</summary>
internal sealed class RequestAudit(GroupMember[] members)
{
    private readonly View[] _views = [.. members.Select(static _ => new View())];
    private readonly List<byte[]> _delivered = [];
    private readonly Dictionary<long, Request> _requests = [];
    private readonly HashSet<long> _rejected = [];
    private readonly HashSet<long> _ran = [];
    private readonly List<TransferOutcome> _transfers = [];
    private long _newestRequest;

    /// <summary>How many commands, from the first, have been delivered to someone.</summary>
    public int DeliveredCount => _delivered.Count;

    /// <summary>How many commands, from the first, a client knows to have happened.</summary>
    public int AcknowledgedCount { get; private set; }

    /// <summary>How many reads have been answered.</summary>
    public int ReadCount { get; private set; }

    /// <summary>How transfers of leadership have ended.</summary>
    public IReadOnlyList<TransferOutcome> TransfersEnded => _transfers;

    /// <summary>How many requests of living members have no end yet.</summary>
    public int OpenCount => _requests.Count;

    public int DeliveredBy(GroupMember member) => ViewOf(member).Delivered;

    public RequestId Proposes(GroupMember member, byte[] command)
    {
        BitConverter.TryWriteBytes(command, ++_newestRequest);
        _requests.Add(_newestRequest, new Request(member, IsRead: false, AcknowledgedCount));
        return new RequestId(_newestRequest);
    }

    public RequestId Reads(GroupMember member)
    {
        _requests.Add(++_newestRequest, new Request(member, IsRead: true, AcknowledgedCount));
        return new RequestId(_newestRequest);
    }

    public RequestId Transfers(GroupMember member)
    {
        _requests.Add(
            ++_newestRequest,
            new Request(member, IsRead: false, AcknowledgedCount) { IsTransfer = true });
        return new RequestId(_newestRequest);
    }

    public void Crashed(GroupMember member)
    {
        foreach ((long number, Request request) in _requests)
        {
            if (request.At == member)
                _requests.Remove(number);
        }
    }

    public void Restarted(GroupMember member) => _views[member.Self.Index] =
        new View { Delivered = member.SnapshotItems };

    public void Asked(GroupMember by, in Effect effect)
    {
        if (effect.Kind == EffectKind.Reject)
            _rejected.Add(effect.Request.Number);
        bool isOnTheWay = effect.Kind is EffectKind.Committed or EffectKind.Evaluate;
        if (effect.Request != default && !isOnTheWay)
            End(by, effect);
    }

    public void Delivered(GroupMember at, byte[] command, RequestId request)
    {
        View view = ViewOf(at);
        if (view.Delivered == _delivered.Count)
        {
            _delivered.Add(command);
            Expect(
                _ran.Add(BitConverter.ToInt64(command)),
                "a command that was proposed once was delivered twice");
        }

        Expect(
            command.AsSpan().SequenceEqual(_delivered[view.Delivered]),
            "two members delivered different commands at one place");
        Expect(
            !_rejected.Contains(BitConverter.ToInt64(command)),
            "a rejected command was delivered");
        view.Delivered++;
        if (request != default)
            AcknowledgedCount = Math.Max(AcknowledgedCount, view.Delivered);
    }

    public void Done(GroupMember at) =>
        AcknowledgedCount = Math.Max(AcknowledgedCount, ViewOf(at).Delivered);

    public void ReadRuns(GroupMember at, RequestId request)
    {
        View view = ViewOf(at);
        Expect(view.ReadsWaiting.Remove(request.Number, out int acknowledged), "an unknown read");
        Expect(
            acknowledged <= view.Delivered,
            $"a read saw {view.Delivered} commands of {acknowledged} acknowledged before it");
        ReadCount++;
    }

    public static void Expect(bool condition, string complaint)
    {
        if (!condition)
            Assert.Fail(complaint);
    }

    private void End(GroupMember by, in Effect effect)
    {
        Expect(
            _requests.Remove(effect.Request.Number, out Request? request),
            $"{effect.Request} ended twice, now with {effect.Kind}");
        bool isReadsEnd = effect.Kind is EffectKind.ReadReady or EffectKind.Reject;
        bool isTransfersEnd = effect.Kind is EffectKind.TransferEnded or EffectKind.Abandon;
        bool isProposalsEnd = effect.Kind
            is EffectKind.Deliver or EffectKind.Done or EffectKind.Reject or EffectKind.Abandon;
        Expect(
            request?.At == by
                && (request.IsTransfer ? isTransfersEnd
                    : request.IsRead ? isReadsEnd
                    : isProposalsEnd),
            $"{effect.Request} ended with {effect.Kind}");
        if (effect.Kind == EffectKind.TransferEnded)
            _transfers.Add(effect.Transfer);
        if (effect.Kind == EffectKind.ReadReady && request is not null)
            ViewOf(by).ReadsWaiting.Add(effect.Request.Number, request.Acknowledged);
    }

    private View ViewOf(GroupMember member) => _views[member.Self.Index];

    /// <summary>What was last seen of a member in this life.</summary>
    private sealed class View
    {
        public int Delivered { get; set; }

        public Dictionary<long, int> ReadsWaiting { get; } = [];
    }

    private sealed record Request(GroupMember At, bool IsRead, int Acknowledged)
    {
        public bool IsTransfer { get; init; }
    }
}
