using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>One method per message; a forgotten one does not compile.</summary>
internal interface IEPaxosInbox
{
    /// <summary>Whether instances so far ahead can exist: what is beyond is no message.</summary>
    bool IsNear(InstanceId id);

    /// <summary>Whether instances so far ahead can exist: what is beyond is no message.</summary>
    bool IsNear(in EPaxosCover cover);

    void Receive(in Turn turn, Member from, in PreAccept message, Outbox outbox);

    void Receive(in Turn turn, Member from, in PreAcceptOk message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Accept message, Outbox outbox);

    void Receive(in Turn turn, Member from, in AcceptOk message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Commit message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Recover message, Outbox outbox);

    void Receive(in Turn turn, Member from, in RecoverOk message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Validate message, Outbox outbox);

    void Receive(in Turn turn, Member from, in ValidateOk message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Waiting message, Outbox outbox);

    void Receive(in Turn turn, Member from, in TryRecover message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Nack message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Frontier message, Outbox outbox);

    void Receive(in Turn turn, Member from, in FetchCommitted message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Gather message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Gathered message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Saved message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Truncated message, Outbox outbox);

    void Receive(in Turn turn, Member from, in AskUsed message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Used message, Outbox outbox);
}
