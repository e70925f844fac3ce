using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What the duties of a leader make members say.</summary>
internal sealed partial class MultiPaxosAudit
{
    private readonly Dictionary<
        (Member From, (ulong Boot, uint Life) Life, long Tag),
        (ulong Content, ForwardReply<Ballot>? End)> _forwards = [];

    private void LeavesOfDuties(
        (Member From, Member Target) line,
        (LeaderKind Kind, Ballot Ballot) head,
        ReadOnlySpan<byte> frame,
        ref FrameReader reader)
    {
        (Member from, Member target) = line;
        switch (head.Kind)
        {
            case LeaderKind.TimeoutNow:
                AsksToCampaign(from, target, LeaderCodec.ReadTimeoutNow(head.Ballot, ref reader));
                break;
            case LeaderKind.Rouse:
                _durability.RequireAtLeast(from, head.Ballot);
                break;
            case LeaderKind.Forward:
                Forwards(from, LeaderCodec.ReadForward(head.Ballot, ref reader), frame);
                break;
            case LeaderKind.ForwardReply:
                Answers(from, target, LeaderCodec.ReadForwardReply(head.Ballot, ref reader));
                break;
            case LeaderKind.ReadIndex:
                Asks(from, LeaderCodec.ReadReadIndex(head.Ballot, ref reader));
                break;
            case LeaderKind.ReadIndexReply:
                Answers(from, target, LeaderCodec.ReadReadIndexReply(head.Ballot, ref reader));
                break;
            default:
                reader.Require(false);
                break;
        }
    }

    // Whoever is asked to campaign has all that the leader has, unless another reign has begun
    // there meanwhile.
    [Rule(MultiPaxosRules.LeadershipTransfer)]
    private void AsksToCampaign(Member leader, Member target, in TimeoutNow<Ballot> message)
    {
        _durability.RequirePromise(leader, message.Reign);
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
        _timeouts.Add((target, message.Transfer));
        _handedOver.Add(message.Reign);
    }

    // Once, whatever becomes of it: it may have no identity.
    [Rule(MultiPaxosRules.ForwardedOnce)]
    private void Forwards(Member from, in Forward<Ballot> message, ReadOnlySpan<byte> frame)
    {
        ulong content =
            StableHash.Of(frame.Slice(message.CommandOffset, message.CommandLength));
        Invariant.Holds(
            _forwards.TryAdd((from, message.Life, message.Tag), (content, null)),
            MultiPaxosRules.ForwardedOnce,
            $"{from} sends twice {message}");
    }

    // It has one end, and where it was proposed it stands as it was sent.
    [Rule(MultiPaxosRules.ForwardedOnce)]
    private void Answers(Member leader, Member to, in ForwardReply<Ballot> message)
    {
        (Member, (ulong, uint), long) key = (to, message.Life, message.Tag);
        bool isSent =
            _forwards.TryGetValue(key, out (ulong Content, ForwardReply<Ballot>? End) forward);
        Invariant.Holds(
            isSent && forward.End is null && _ballots.IsLed(message.Reign, leader),
            MultiPaxosRules.ForwardedOnce,
            $"{leader} says to {to} {message}; it said {forward.End}");
        _forwards[key] = (forward.Content, message);
        if (message.Reason is null)
            _ballots.MeetContent(leader, message.Index, message.Reign, forward.Content);
    }
}
