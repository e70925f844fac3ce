using Synod.Kernel;

namespace Synod.Raft;

/// <summary>What the audit of a leader's duties is told.</summary>
internal sealed partial class RaftAudit : ILeaderWitness<Term>
{
    private readonly LeaderAudit<Term> _duties;

    public override void Reads(Member member, RequestId request, in Footprint footprint) =>
        _duties.Reads(member, request);

    ILeaderKernel<Term>? ILeaderWitness<Term>.LiveOf(Member member) => Seats[member.Index].Live;

    bool ILeaderWitness<Term>.HasLed(Term reign, Member member) =>
        _reigns.LeaderOf(reign) == member;

    void ILeaderWitness<Term>.RequireReign(Member member, Term reign) =>
        _durability.RequireTerm(member, reign);

    void ILeaderWitness<Term>.RequireElected(Member member, Term reign) =>
        _durability.RequireVote(member, reign, member);

    void ILeaderWitness<Term>.MeetContent(
        Member leader, in ForwardReply<Term> message, ulong content) =>
        _reigns.MeetContent(leader, message.Index, message.Reign, content);

    // Whoever is asked to campaign has all that the leader has, unless another reign has begun
    // there meanwhile.
    [Rule(RaftRules.LeadershipTransfer)]
    public void AsksToCampaign(Member leader, Member target, in TimeoutNow<Term> message)
    {
        Invariant.Holds(
            _reigns.LeaderOf(message.Reign) == leader,
            RaftRules.ElectionSafety,
            $"{leader} hands {message.Reign} over, led by {_reigns.LeaderOf(message.Reign)}");
        bool isKnown = _durability.HeldBy(target) is RaftReplica held
            && held.State.CurrentTerm <= message.Reign;
        Invariant.Holds(
            !isKnown || _durability.HoldersOf(message.Last, message.Reign).Contains(target),
            RaftRules.LeadershipTransfer,
            $"{leader} asks {target} to campaign, whose disk has not {message.Last}");
        _timeouts.Add((target, message.Reign, message.Transfer));
    }

    // A leader answers no read before an entry of its own term is committed.
    [Rule(RaftRules.ReadIndex)]
    protected override void CheckRead(RaftSeat seat, RequestId request)
    {
        RaftReplica live = seat.Alive;
        RaftState state = live.State;
        Invariant.Holds(
            live.Duties.Role is not Leading
                || state.Log.TermAt(state.Commit) == state.CurrentTerm,
            RaftRules.ReadIndex,
            $"{seat.Member} reads in {state.CurrentTerm} at {state.Commit}, {live.Status.Role}");
        _duties.CheckRead(seat.Member, live, request);
    }
}
