using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Looks at what the clients of a group of bare kernels see: every request ends once, all
/// members run the same commands in the same order, what was rejected never runs, and a read sees
/// what was acknowledged before it.</summary>
internal sealed class GroupRequests(int members)
{
    private const string EndsOnce = "Synod design §3: a request ends exactly once in a life";
    private const string OneOrder = "Synod design §3: members run the same commands in one order";
    private const string ReadsSeeAcknowledged =
        "Synod design §3: a read sees all that was acknowledged before it";

    private readonly List<string>[] _applied =
        [.. Enumerable.Range(0, members).Select(static _ => new List<string>())];

    private readonly List<GroupRequest> _all = [];
    private readonly List<string> _order = [];
    private int _acknowledged;

    public bool IsNewestRejected => _all is [.., { End: RequestEnd.Rejected }];

    public GroupRequest? Find(RequestId id) =>
        id.Number >= 1 && id.Number <= _all.Count ? _all[(int)id.Number - 1] : null;

    /// <summary>What the member has run in this life.</summary>
    public IReadOnlyList<string> AppliedBy(Member member) => _applied[member.Index];

    /// <summary>A new request; a null command is a read.</summary>
    public GroupRequest Ask(Member at, string? command)
    {
        GroupRequest request =
            new(new RequestId(_all.Count + 1), at, command) { AcknowledgedBefore = _acknowledged };
        _all.Add(request);
        return request;
    }

    /// <summary>A new request to move leadership.</summary>
    public GroupRequest AskToTransfer(Member at)
    {
        GroupRequest request = new(new RequestId(_all.Count + 1), at, null)
        {
            AcknowledgedBefore = _acknowledged,
            IsTransfer = true,
        };
        _all.Add(request);
        return request;
    }

    /// <summary>A life has ended, and with it whatever waited in it.</summary>
    public void Ended(Member member)
    {
        _applied[member.Index].Clear();
        foreach (GroupRequest request in _all)
        {
            if (request.At == member && request.End is RequestEnd.Open or RequestEnd.Ordered)
                request.End = RequestEnd.Lost;
        }
    }

    /// <summary>A kernel said how a request ends.</summary>
    public void Answered(Member by, in Effect effect)
    {
        bool isOnTheWay = effect.Kind is EffectKind.Committed or EffectKind.Evaluate;
        if (effect.Request == default || isOnTheWay)
            return;

        GroupRequest? request = Find(effect.Request);
        Invariant.Holds(
            request is not null, EndsOnce, $"{by} ends {effect.Request}, which nobody asked");
        bool isOpen = request.At == by && request.End == RequestEnd.Open;
        Invariant.Holds(
            isOpen && IsItsKind(request, effect.Kind),
            EndsOnce,
            $"{by} ends {effect.Request} with {effect.Kind}, which is {request.End}");
        request.End = effect.Kind switch
        {
            EffectKind.Reject => RequestEnd.Rejected,
            EffectKind.Abandon => RequestEnd.Abandoned,
            EffectKind.TransferEnded => EndOf(effect.Transfer),
            _ => RequestEnd.Ordered,
        };
        if (request is { Command: string command, End: RequestEnd.Rejected })
            CheckIsPossible(command);
    }

    /// <summary>A command runs at a member.</summary>
    public void Runs(Member at, string command, RequestId id)
    {
        List<string> applied = _applied[at.Index];
        if (applied.Count == _order.Count)
        {
            _order.Add(command);
            CheckIsPossible(command);
        }

        Invariant.Holds(
            _order[applied.Count] == command,
            OneOrder,
            $"{at} runs \"{command}\" where another ran \"{_order[applied.Count]}\"");
        applied.Add(command);
        if (Find(id) is not GroupRequest request)
            return;

        Invariant.Holds(
            request.Command == command, EndsOnce, $"{at} runs \"{command}\" for {request.Id}");
        request.End = RequestEnd.Applied;
        _acknowledged = Math.Max(_acknowledged, applied.Count);
    }

    /// <summary>Where there is no order: a command is in a state that the member knows.</summary>
    public void Done(Member at, RequestId id)
    {
        if (Find(id) is not GroupRequest request)
            return;

        List<string> applied = _applied[at.Index];
        Invariant.Holds(
            request.Command is string command && applied.Contains(command),
            EndsOnce,
            $"{id} is done at {at}, where it did not run");
        request.End = RequestEnd.Applied;
        _acknowledged = Math.Max(_acknowledged, applied.Count);
    }

    /// <summary>A read runs at a member.</summary>
    public void Reads(Member at, RequestId id)
    {
        if (Find(id) is not GroupRequest request)
            return;

        int seen = _applied[at.Index].Count;
        Invariant.Holds(
            request.AcknowledgedBefore <= seen,
            ReadsSeeAcknowledged,
            $"{id} at {at} saw {seen} commands of {request.AcknowledgedBefore}");
        request.End = RequestEnd.Answered;
    }

    /// <summary>Adds what is promised to clients.</summary>
    public void Digest(ref StateHash hash)
    {
        hash.Add(_acknowledged);
        hash.Add(_order.Count);
        foreach (string command in _order)
            hash.Add(System.Text.Encoding.UTF8.GetBytes(command));
        foreach (List<string> applied in _applied)
            hash.Add(applied.Count);
        foreach (GroupRequest request in _all)
        {
            hash.Add(request.At.Index);
            hash.Add((long)request.End);
            hash.Add(request.AcknowledgedBefore);
        }
    }

    private static bool IsItsKind(GroupRequest request, EffectKind end)
    {
        if (request.IsTransfer)
            return end is EffectKind.TransferEnded or EffectKind.Abandon;

        return request.Command is null
            ? end is EffectKind.ReadReady or EffectKind.Reject
            : end is EffectKind.Deliver
                or EffectKind.Done
                or EffectKind.Reject
                or EffectKind.Abandon;
    }

    private static RequestEnd EndOf(TransferOutcome outcome) => outcome switch
    {
        TransferOutcome.Done => RequestEnd.Done,
        TransferOutcome.Cancelled => RequestEnd.Cancelled,
        TransferOutcome.Overridden => RequestEnd.Overridden,
        TransferOutcome.Unresponsive => RequestEnd.Unresponsive,
        TransferOutcome.OtherLeads => RequestEnd.OtherLeads,
        TransferOutcome.NotLeader => RequestEnd.NotLeader,
    };

    // A command runs once for each proposal of it that was not rejected, and no oftener.
    private void CheckIsPossible(string command)
    {
        int runs = _order.Count(other => other == command);
        int possible = _all.Count(request =>
            request.Command == command && request.End != RequestEnd.Rejected);
        Invariant.Holds(
            runs <= possible, OneOrder, $"\"{command}\" ran {runs} times of {possible} possible");
    }
}
