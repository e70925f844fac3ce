using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Recovery, continued: how a damaged member gets its voice back (safety §7).</summary>
/// <remarks>It does not know in which instances it has voted. But each of them was proposed before
/// it has lost its voice, so its owner had used the slot by then; an owner that is asked afterwards
/// names a slot that is as high or higher. When all up to these slots are decided, and that is
/// known here, no forgotten vote or promise can matter: a decision is the answer to every question
/// about them. Of all other instances nothing was ever voted for.</remarks>
internal sealed partial class EPaxosReplica
{
    private const int HolesPerLook = 64;

    private readonly long[] _used;
    private MemberSet _unheard;
    private Instant _repairDue = Instant.Never;
    private RecordNumber _wholeSince;

    // As long as somebody has not answered nobody repairs it.
    private KernelHealth Health =>
        _unheard.IsEmpty ? _state.Health : KernelHealth.Voiceless;

    // What leaves beside the records must not overtake the one that gives the voice back.
    private bool IsMute => _state.IsVoiceless || _durable < _wholeSince;

    // Who may have lost its own reservation does not know what it has used.
    [Rule(EPaxosRules.RepairCoversAll)]
    public void Receive(in Turn turn, Member from, in AskUsed message, Outbox outbox)
    {
        if (_state.Health == KernelHealth.Voiceless)
            return;

        outbox.SendBehind(
            MemberSet.Of(from),
            new Used(message.Ticket, _nextSlot - 1),
            (_reservation, EPaxosRules.RepairCoversAll));
    }

    [Rule(EPaxosRules.RepairCoversAll)]
    public void Receive(in Turn turn, Member from, in Used message, Outbox outbox)
    {
        bool isOfThisLife = (message.Ticket.Boot, message.Ticket.Life) == _life;
        if (!isOfThisLife || !_unheard.Contains(from))
            return;

        _used[from.Index] = message.Last;
        _unheard = _unheard.Without(from);
        if (!_unheard.IsEmpty)
            return;

        _repairDue = turn.Now;
        outbox.RoleChanged();
    }

    private void BeginRepair(in Turn turn)
    {
        if (_state.Health != KernelHealth.Damaged)
            return;

        _used[_self.Index] = _state.Reserved;
        _unheard = _others;
        _repairDue = turn.Now;
    }

    // What the others know comes by comparing; what nobody knows must be recovered by them.
    [Rule(EPaxosRules.RepairCoversAll)]
    private void Repair(in Turn turn, Outbox outbox)
    {
        if (turn.Now < _repairDue)
            return;

        MemberSet asked = _unheard.Except(_disconnected);
        outbox.SendAtOnce(
            asked,
            new AskUsed(new GatherTicket(_life.Boot, _life.Life, 0)),
            EPaxosRules.RepairCoversAll);
        if (_unheard.IsEmpty)
            WatchHoles(turn);
        _repairDue = _unheard.IsEmpty || !asked.IsEmpty
            ? turn.Now + Jittered(_options.ResendAfter)
            : Instant.Never;
    }

    [Rule(EPaxosRules.MissingIsAskedFor)]
    private void WatchHoles(in Turn turn)
    {
        for (byte owner = 0; owner < _state.Members; owner++)
        {
            int holes = 0;
            long slot = _state.CommittedThrough(owner) + 1;
            for (; slot <= _used[owner] && holes < HolesPerLook; slot++)
            {
                InstanceId id = new(new Member(owner), slot);
                if (_state.Find(id) is { IsCommitted: true })
                    continue;

                holes++;
                if (!_alarms.Has(id))
                    _alarms.Set(id, turn.Now + PatienceToHear(id));
            }
        }
    }

    // Behind the decisions in the log, so that no crash leaves the voice without them.
    [Rule(EPaxosRules.RepairCoversAll)]
    private void TryBecomeWhole(Outbox outbox)
    {
        if (_state.Health != KernelHealth.Damaged || !_unheard.IsEmpty)
            return;

        for (int owner = 0; owner < _state.Members; owner++)
        {
            if (_state.CommittedThrough(owner) < _used[owner])
                return;
        }

        outbox.Persist(new RepairedRecord([.. _lost]));
        StateRecord whole = _state.Statement with { Health = KernelHealth.Whole };
        _wholeSince = outbox.PersistStatement(whole);
        _state.Take(whole);
        _repairDue = Instant.Never;
        outbox.RoleChanged();
    }
}
