using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What recoveries were told, for the audit: whatever is proposed above ballot 0 must
/// follow from the reports of that ballot (protocols §1.5b).</summary>
internal sealed class EPaxosReports(Quorums quorums)
{
    private readonly Dictionary<(InstanceId, Ballot), Told> _told = [];

    /// <summary>A member reports to a ballot, or the one whose ballot it is to itself. Only the
    /// first time counts: later it may have accepted what the ballot has proposed.</summary>
    public void Reports(Member from, InstanceId id, Ballot ballot, in Report report) =>
        Of(id, ballot).Reports.TryAdd(from, report);

    /// <summary>A member has validated, or the one whose ballot it is asks for it and has done it
    /// itself.</summary>
    public void Validates(Member from, InstanceId id, Ballot ballot)
    {
        Told told = Of(id, ballot);
        told.Validated = told.Validated.With(from);
    }

    /// <summary>A proposal leaves.</summary>
    [Rule(EPaxosRules.RecoveryChooses)]
    public void Check(Member from, in Accept message)
    {
        if (message.Ballot == Ballot.Zero)
            return;

        Told told = Of(message.Id, message.Ballot);
        Invariant.Holds(
            Follows(told, message),
            EPaxosRules.RecoveryChooses,
            $"{from} proposes {message}, validated by {told.Validated}, told "
            + string.Join("; ", told.Reports.Select(static one => $"{one.Key} {one.Value}")));
    }

    // Step 2b, also of a late report: the newest that a quorum knows of. Else, step 2c to 4,
    // somebody has accepted nothing in a whole quorum.
    private bool Follows(Told told, in Accept message)
    {
        EPaxosVotes.Proposed proposed = new(message.Value.Kind, message.Dep);
        foreach (Report report in told.Reports.Values)
        {
            bool isIt = report.Phase == EPaxosPhase.Accepted && report.Held == proposed;
            if (isIt && told.Reports.Values.Count(other => !IsNewer(other, report)) >= quorums.Slow)
                return true;
        }

        bool isFree = told.Reports.Values.Count(static report => !report.IsAccepted)
            >= quorums.Slow;
        return isFree && (proposed.Kind == EPaxosValueKind.NoOp
            ? MayBeNothing(told, message.Id)
            : IsConfirmed(told, proposed));
    }

    // The owner has answered, or too many disagree with it, or what was validated is contradicted.
    [Rule(EPaxosRules.OwnerInQuorum)]
    [Rule(EPaxosRules.FastPathImpossible)]
    private bool MayBeNothing(Told told, InstanceId id) =>
        told.Reports.ContainsKey(id.Owner)
        || told.Reports.Values.Count(static report => !report.IsAgreeing) > quorums.FastFaults
        || !told.Validated.IsEmpty;

    [Rule(EPaxosRules.ValidationChooses)]
    private bool IsConfirmed(Told told, in EPaxosVotes.Proposed proposed)
    {
        EPaxosCover dep = proposed.Dep;
        return told.Validated.Count >= quorums.Slow
            && told.Reports.Values.Any(report => report.IsAgreeing && report.Held.Dep == dep);
    }

    private static bool IsNewer(in Report report, in Report than) =>
        report.IsAccepted && report.AcceptedIn > than.AcceptedIn;

    private Told Of(InstanceId id, Ballot ballot)
    {
        if (!_told.TryGetValue((id, ballot), out Told? told))
            _told[(id, ballot)] = told = new Told();
        return told;
    }

    /// <summary>What one member knows of an instance when it promises.</summary>
    internal readonly record struct Report(
        EPaxosPhase Phase, Ballot AcceptedIn, EPaxosVotes.Proposed Held, EPaxosCover Initial)
    {
        public bool IsAccepted => Phase == EPaxosPhase.Accepted;

        public bool IsAgreeing => Phase == EPaxosPhase.PreAccepted && Held.Dep == Initial;
    }

    private sealed class Told
    {
        public Dictionary<Member, Report> Reports { get; } = [];

        public MemberSet Validated { get; set; }
    }
}
