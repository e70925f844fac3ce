using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>One method per message; a forgotten one does not compile.</summary>
internal interface IMultiPaxosInbox
{
    /// <summary>What is promised here: what is far beyond it is no message.</summary>
    Ballot Promised { get; }

    void Receive(in Turn turn, Member from, in Probe message, Outbox outbox);

    void Receive(in Turn turn, Member from, in ProbeReply message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Prepare message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Promise message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Nack message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Accept message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Accepted message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Learn message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Learned message, Outbox outbox);

    void Receive(in Turn turn, Member from, in TimeoutNow message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Forward message, Outbox outbox);

    void Receive(in Turn turn, Member from, in ForwardReply message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Rouse message, Outbox outbox);

    void Receive(in Turn turn, Member from, in ReadIndex message, Outbox outbox);

    void Receive(in Turn turn, Member from, in ReadIndexReply message, Outbox outbox);
}
