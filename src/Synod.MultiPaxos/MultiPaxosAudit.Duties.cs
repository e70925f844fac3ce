using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What the audit of a leader's duties is told.</summary>
internal sealed partial class MultiPaxosAudit : ILeaderWitness<Ballot>
{
    private readonly LeaderAudit<Ballot> _duties;

    public override void Reads(Member member, RequestId request, in Footprint footprint) =>
        _duties.Reads(member, request);

    LogIndex ILeaderWitness<Ballot>.Committed => Chosen;

    ILeaderKernel<Ballot>? ILeaderWitness<Ballot>.LiveOf(Member member) =>
        Seats[member.Index].Live;

    bool ILeaderWitness<Ballot>.HasLed(Ballot reign, Member member) =>
        _ballots.IsLed(reign, member);

    void ILeaderWitness<Ballot>.RequireReign(Member member, Ballot reign) =>
        _durability.RequireAtLeast(member, reign);

    void ILeaderWitness<Ballot>.RequireElected(Member member, Ballot reign) =>
        _durability.RequirePromise(member, reign);

    void ILeaderWitness<Ballot>.MeetContent(
        Member leader, in ForwardReply<Ballot> message, ulong content) =>
        _ballots.MeetContent(leader, message.Index, message.Reign, content);

    // Whoever is asked to campaign has all that the leader has, unless another reign has begun
    // there meanwhile.
    [Rule(MultiPaxosRules.LeadershipTransfer)]
    public void AsksToCampaign(Member leader, Member target, in TimeoutNow<Ballot> message)
    {
        Invariant.Holds(
            _ballots.IsLed(message.Reign, leader),
            MultiPaxosRules.OneValuePerBallot,
            $"{leader} hands over {message.Reign}, which it does not lead");
        bool isKnown = _durability.HeldBy(target) is MultiPaxosReplica held
            && held.State.Promised <= message.Reign;
        Invariant.Holds(
            !isKnown
                || message.Last == LogIndex.Zero
                || _durability.HoldersOf(message.Last).Contains(target)
                || message.Last <= _ballots.BaseOf(message.Reign),
            MultiPaxosRules.LeadershipTransfer,
            $"{leader} asks {target} to campaign, whose disk has not {message.Last}");
        _timeouts.Add((target, message.Reign, message.Transfer));
    }

    // A leader answers no read before all that phase 1 told of is chosen.
    [Rule(MultiPaxosRules.FreshLeader)]
    protected override void CheckRead(MultiPaxosSeat seat, RequestId request)
    {
        MultiPaxosReplica live = seat.Alive;
        MultiPaxosState state = live.State;
        Invariant.Holds(
            live.Duties.Role is not Leading leading || leading.Fresh <= state.Chosen,
            MultiPaxosRules.FreshLeader,
            $"{seat.Member} reads in {state.Promised} at {state.Chosen}, {live.Status.Role}");
        _duties.CheckRead(seat.Member, live, request);
    }
}
