using Synod.Kernel;

namespace Synod.Raft;

/// <summary>What the duties of a leader make members say.</summary>
internal sealed partial class RaftAudit
{
    private readonly Dictionary<
        (Member From, (ulong Boot, uint Life) Life, long Tag),
        (ulong Content, ForwardReply<Term>? End)> _forwards = [];

    private void LeavesOfDuties(
        (Member From, Member Target) line,
        (LeaderKind Kind, Term Term) head,
        ReadOnlySpan<byte> frame,
        ref FrameReader reader)
    {
        (Member from, Member target) = line;
        switch (head.Kind)
        {
            case LeaderKind.TimeoutNow:
                AsksToCampaign(from, target, LeaderCodec.ReadTimeoutNow(head.Term, ref reader));
                break;
            case LeaderKind.Rouse:
                _durability.Leaves(from, new Rouse<Term>(head.Term));
                break;
            case LeaderKind.Forward:
                Forwards(from, LeaderCodec.ReadForward(head.Term, ref reader), frame);
                break;
            case LeaderKind.ForwardReply:
                Answers(from, target, LeaderCodec.ReadForwardReply(head.Term, ref reader));
                break;
            case LeaderKind.ReadIndex:
                Asks(from, LeaderCodec.ReadReadIndex(head.Term, ref reader));
                break;
            case LeaderKind.ReadIndexReply:
                Answers(from, target, LeaderCodec.ReadReadIndexReply(head.Term, ref reader));
                break;
            default:
                reader.Require(false);
                break;
        }
    }

    // Whoever is asked to campaign has all that the leader has, unless another reign has begun
    // there meanwhile.
    [Rule(RaftRules.LeadershipTransfer)]
    private void AsksToCampaign(Member leader, Member target, in TimeoutNow<Term> message)
    {
        _durability.Leaves(leader, message);
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
        _handedOver.Add(message.Reign);
    }

    // Once, whatever becomes of it: it may have no identity.
    [Rule(RaftRules.ForwardedOnce)]
    private void Forwards(Member from, in Forward<Term> message, ReadOnlySpan<byte> frame)
    {
        ulong content =
            StableHash.Of(frame.Slice(message.CommandOffset, message.CommandLength));
        Invariant.Holds(
            _forwards.TryAdd((from, message.Life, message.Tag), (content, null)),
            RaftRules.ForwardedOnce,
            $"{from} sends twice {message}");
    }

    // It has one end, and where it was appended it stands as it was sent.
    [Rule(RaftRules.ForwardedOnce)]
    private void Answers(Member leader, Member to, in ForwardReply<Term> message)
    {
        (Member, (ulong, uint), long) key = (to, message.Life, message.Tag);
        bool isSent =
            _forwards.TryGetValue(key, out (ulong Content, ForwardReply<Term>? End) forward);
        Invariant.Holds(
            isSent && forward.End is null && _reigns.LeaderOf(message.Reign) == leader,
            RaftRules.ForwardedOnce,
            $"{leader} says to {to} {message}; it said {forward.End}");
        _forwards[key] = (forward.Content, message);
        if (message.Reason is null)
            _reigns.MeetContent(leader, message.Index, message.Reign, forward.Content);
    }
}
