using Synod.Kernel;

namespace Synod.Register;

/// <summary>What was accepted here and is not known to be chosen is looked into after a while:
/// whoever proposed it may be gone. A read finds out, and finishes it where it must.</summary>
internal sealed partial class RegisterReplica
{
    private HashSet<ulong> _open = [];
    private HashSet<ulong> _openLonger = [];
    private Instant _openDue = Instant.Never;

    private void Open(in Turn turn, ulong key)
    {
        _open.Add(key);
        WatchOpen(turn);
    }

    private void WatchOpen(in Turn turn)
    {
        bool isAny = _open.Count + _openLonger.Count > 0;
        if (!isAny || _openDue != Instant.Never || !HasQuorum)
            return;

        _openDue = turn.Now + _options.ResendAfter + _random.Below(_options.ResendAfter);
        SetAlarm(RegisterAlarm.OpenKeys, _openDue);
    }

    [Rule(RegisterRules.BeginsAreFinished)]
    private void LookAtOpen(in Turn turn)
    {
        _openDue = Instant.Never;
        if (!HasQuorum)
            return;

        foreach (ulong key in _openLonger.Order())
        {
            bool isHeld = _state.TryGet(key, out RegisterKey? held);
            if (isHeld && held is not null && held.ChosenIn < held.AcceptedIn)
            {
                Instant due = turn.Now + _random.Below(_options.RetryDelay);
                CatchUp((key, held.AcceptedIn), due);
            }
        }

        _openLonger.Clear();
        (_open, _openLonger) = (_openLonger, _open);
        WatchOpen(turn);
    }
}
