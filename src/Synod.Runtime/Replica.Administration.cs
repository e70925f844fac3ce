using System.Text;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What those who run the cluster ask.</summary>
internal sealed partial class Replica
{
    private void Transfer(Instant now, in PendingRequest request, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        TransferRequest asked = TransferRequest.ReadFrom(ref reader);
        if (!reader.IsComplete)
        {
            Refuse(request, "The request is not a transfer of this version.");
            return;
        }

        TransferOrder? order = asked.IsCancel ? TransferOrder.Cancel : OrderTo(asked.Target);
        if (order is not TransferOrder known)
        {
            string reason = $"{asked.Target} is no member of {_options.Id}.";
            Reply(request, ResponseKind.Refused, Encoding.UTF8.GetBytes(reason));
            return;
        }

        _kernel?.Transfer(new Turn(now), Register(request), known, Outbox);
        Perform(default);
    }

    private TransferOrder? OrderTo(NodeId? target)
    {
        if (target is null)
            return TransferOrder.ToBest;

        IReadOnlyList<MemberIdentity> members = _epoch?.Members ?? [];
        for (byte member = 0; member < members.Count; member++)
        {
            if (members[member].Node == target)
                return TransferOrder.To(new Member(member));
        }

        return null;
    }

    // Who asked the wrong node asks the leader instead, by the hint.
    private void AnswerTransfer(RequestId request, TransferOutcome outcome)
    {
        if (outcome == TransferOutcome.NotLeader)
        {
            Answer(request, RejectReason.NotLeader);
            return;
        }

        FrameBuffer answer = new();
        new TransferAnswer(outcome, LeaderNow).WriteTo(answer);
        Answer(request, ResponseKind.Applied, answer.Written);
    }
}
