using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Instances that are recovered.</summary>
internal sealed partial class EPaxosAudit
{
    private void LeavesOfRecovery(
        Member from, EPaxosKind kind, ref FrameReader reader, ReadOnlySpan<byte> frame)
    {
        if (kind == EPaxosKind.Recover)
        {
            Recover message = EPaxosCodec.ReadRecover(ref reader);
            _durability.RequirePromise(from, message.Id, message.Ballot);
        }
        else if (kind == EPaxosKind.RecoverOk)
        {
            RecoverOk message = EPaxosCodec.ReadRecoverOk(ref reader);
            MeetCommand((from, message.Id), message.Value, message.Command, frame);
            _durability.Leaves(from, message);
        }
        else if (kind == EPaxosKind.Validate)
        {
            Validate message = EPaxosCodec.ReadValidate(ref reader);
            MeetCommand((from, message.Id), message.Value, message.Command, frame);
            CheckValidation(from, message);
        }
        else if (kind == EPaxosKind.ValidateOk)
        {
            _durability.Leaves(from, EPaxosCodec.ReadValidateOk(ref reader));
        }
    }

    // The dependencies are those that the owner has proposed first.
    [Rule(EPaxosRules.ValidateIsNoVote)]
    private void CheckValidation(Member from, in Validate message)
    {
        _durability.RequirePromise(from, message.Id, message.Ballot);
        _votes.MeetInitial(from, message.Id, message.Initial);
    }
}
