using System.Diagnostics.CodeAnalysis;
using Synod.Kernel;

namespace Synod.Register;

/// <summary>What was proposed and voted for in all lives of all members, for the audit. A vote
/// counts from when it is on a disk, and for ever.</summary>
internal sealed class RegisterVotes(Quorums quorums)
{
    private readonly Dictionary<ulong, SortedList<Ballot, Proposal>> _keys = [];

    /// <summary>How many states are chosen.</summary>
    public int ChosenCount { get; private set; }

    public bool TryGet(ulong key, Ballot ballot, [NotNullWhen(true)] out Proposal? proposal)
    {
        proposal = null;
        return _keys.TryGetValue(key, out SortedList<Ballot, Proposal>? proposals)
            && proposals.TryGetValue(ballot, out proposal);
    }

    public bool IsChosen(ulong key, Ballot ballot) =>
        TryGet(key, ballot, out Proposal? proposal) && quorums.IsMajority(proposal.Votes);

    /// <summary>The highest chosen ballot of a key; zero if there is none.</summary>
    public Ballot NewestOf(ulong key)
    {
        Ballot newest = Ballot.Zero;
        foreach (Proposal proposal in Of(key))
        {
            if (quorums.IsMajority(proposal.Votes))
                newest = proposal.Ballot;
        }

        return newest;
    }

    /// <summary>The highest ballot below another in which a member has voted.</summary>
    public Ballot VoteBelow(ulong key, Ballot ballot, Member member)
    {
        Ballot highest = Ballot.Zero;
        foreach (Proposal proposal in Of(key))
        {
            if (proposal.Ballot < ballot && proposal.Votes.Contains(member))
                highest = proposal.Ballot;
        }

        return highest;
    }

    /// <summary>A proposer proposes: no ballot is ever used twice, but where nothing of the first
    /// time is left; and every state goes on from the newest that is chosen below it.</summary>
    [Rule(RegisterRules.OneStatePerBallot)]
    [Rule(RegisterRules.HighestVoteIsState)]
    public void Proposed(ulong key, Proposal proposal)
    {
        if (!_keys.TryGetValue(key, out SortedList<Ballot, Proposal>? proposals))
            _keys[key] = proposals = [];
        bool isKnown = proposals.TryGetValue(proposal.Ballot, out Proposal? before);
        Invariant.Holds(
            !isKnown || before is { HasLeft: false, Votes.IsEmpty: true },
            RegisterRules.OneStatePerBallot,
            $"{proposal.Ballot} of k{key:x} is used twice");
        proposals[proposal.Ballot] = proposal;
        foreach (Proposal other in proposals.Values)
            CheckLineage(key, other, proposal);
    }

    /// <summary>A vote is on a disk.</summary>
    [Rule(RegisterRules.ChosenInOneBallot)]
    public void Voted(ulong key, Ballot ballot, Member member)
    {
        if (!TryGet(key, ballot, out Proposal? proposal))
        {
            Invariant.Holds(
                false,
                RegisterRules.OneStatePerBallot,
                $"{member} accepts {ballot} of k{key:x}, which nobody proposed");
            return;
        }

        bool wasChosen = quorums.IsMajority(proposal.Votes);
        proposal.Votes = proposal.Votes.With(member);
        if (wasChosen || !quorums.IsMajority(proposal.Votes))
            return;

        ChosenCount++;
        foreach (Proposal later in Of(key))
            CheckLineage(key, proposal, later);
    }

    private IList<Proposal> Of(ulong key) =>
        _keys.TryGetValue(key, out SortedList<Ballot, Proposal>? proposals)
            ? proposals.Values
            : [];

    private void CheckLineage(ulong key, Proposal chosen, Proposal later)
    {
        bool isBound = chosen.Ballot < later.Ballot && quorums.IsMajority(chosen.Votes);
        Invariant.Holds(
            !isBound || chosen.Ballot <= later.Base,
            RegisterRules.HighestVoteIsState,
            $"{later.Ballot} of k{key:x} goes on from {later.Base}, chosen is {chosen.Ballot}");
    }

    /// <summary>What was proposed in a ballot.</summary>
    internal sealed class Proposal(Ballot ballot, Ballot from, ulong state)
    {
        public Ballot Ballot => ballot;

        /// <summary>The ballot whose state it goes on from.</summary>
        public Ballot Base => from;

        /// <summary>A hash of the state.</summary>
        public ulong State => state;

        /// <summary>Who has voted for it, durably.</summary>
        public MemberSet Votes { get; set; }

        /// <summary>Whether others may know of it.</summary>
        public bool HasLeft { get; set; }
    }
}
