using Synod.Kernel;

namespace Synod.Raft;

/// <summary>One method per message; a forgotten one does not compile.</summary>
internal interface IRaftInbox
{
    /// <summary>The own term: what is far beyond it is no message.</summary>
    Term CurrentTerm { get; }

    /// <summary>Who takes the messages of <see cref="LeaderKind"/>.</summary>
    LeaderDuties<Term> Duties { get; }

    void Receive(in Turn turn, Member from, in RequestVote message, Outbox outbox);

    void Receive(in Turn turn, Member from, in VoteReply message, Outbox outbox);

    void Receive(in Turn turn, Member from, in AppendEntries message, Outbox outbox);

    void Receive(in Turn turn, Member from, in AppendReply message, Outbox outbox);
}
