using Synod.Kernel;

namespace Synod.Raft;

/// <summary>A damaged member, how it is repaired, and what others make of its answers
/// (safety §7; the argument is in README.md).</summary>
internal sealed partial class RaftReplica
{
    private Term _repairTerm;
    private LogIndex _repairAt;

    public KernelHealth Health => _state.Damage.Health;

    // What it votes by: the newest entry that it had, not what is left. Null if that is not known.
    private RaftLast? LastForVotes => Health switch
    {
        KernelHealth.Whole => new RaftLast(_state.Log.Last, _state.Log.LastTerm),
        KernelHealth.Damaged => _state.Damage.Last,
        KernelHealth.Voiceless => null,
    };

    // Of the leader's messages only those count that were sent when it knew of this damage: then
    // all that this member has acknowledged to it before was sent before, so the leader had it by
    // then. What it acknowledged to older leaders and matters is in the log of every later one. So
    // a log that reaches as far as the leader's did has all that can matter.
    [Rule(RaftRules.RepairCoversAll)]
    private void TryBecomeWhole(in AppendEntries message, LogIndex proven, Outbox outbox)
    {
        if (Health != KernelHealth.Damaged || message.Damage != _state.Damage.Number)
            return;

        bool isFirst = _repairTerm != message.Term;
        _repairTerm = message.Term;
        _repairAt = isFirst ? message.Last : LogIndex.Min(_repairAt, message.Last);
        if (proven < _repairAt)
            return;

        _state.SetDamage(_state.Damage.Repaired());
        PersistVote(_state.CurrentTerm, _state.VotedFor, outbox);
        outbox.RoleChanged();
    }

    private AppendReply WithHealth(in AppendReply reply) =>
        reply with { Damage = _state.Damage.Number, Health = Health };
}
