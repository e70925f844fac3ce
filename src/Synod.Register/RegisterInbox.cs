using Synod.Kernel;

namespace Synod.Register;

/// <summary>One method per message; a forgotten one does not compile.</summary>
internal interface IRegisterInbox
{
    /// <summary>Whether the ballot can be one of this member for the key.</summary>
    bool IsOf(Member proposer, ulong key, Ballot ballot);

    void Receive(in Turn turn, Member from, in Prepare message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Promise message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Accept message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Accepted message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Refused message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Chosen message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Query message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Answer message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Compare message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Listing message, Outbox outbox);
}
