using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>One method per message; a forgotten one does not compile.</summary>
internal interface IMultiPaxosInbox
{
    /// <summary>What is promised here: what is far beyond it is no message.</summary>
    Ballot Promised { get; }

    /// <summary>Who takes the messages of <see cref="LeaderKind"/>.</summary>
    LeaderDuties<Ballot> Duties { get; }

    void Receive(in Turn turn, Member from, in Probe message, Outbox outbox);

    void Receive(in Turn turn, Member from, in ProbeReply message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Prepare message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Promise message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Nack message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Accept message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Accepted message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Learn message, Outbox outbox);

    void Receive(in Turn turn, Member from, in Learned message, Outbox outbox);
}
