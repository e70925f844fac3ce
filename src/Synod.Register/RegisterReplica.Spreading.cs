using Synod.Kernel;

namespace Synod.Register;

/// <summary>Who was not heard of when a state was chosen is told again, a few times: what it does
/// not have it asks for. Also who is not connected then: a connection that breaks and is there
/// again at once is news at one end only.</summary>
internal sealed partial class RegisterReplica
{
    // For longer than a silent node takes to count as gone, by the defaults.
    private const int TellingsMax = 6;

    private readonly Dictionary<ulong, (Ballot Ballot, MemberSet Left, int Tellings)> _unheard = [];
    private Instant _spreadDue = Instant.Never;

    private void Spread(in Turn turn, RegisterRound round)
    {
        MemberSet left = _others.Except(round.Heard);
        if (left.IsEmpty)
            _unheard.Remove(round.Key);
        else
            _unheard[round.Key] = (round.Ballot, left, 0);
        WatchSpread(turn);
    }

    private void HeardLate(Member by, in Accepted message)
    {
        if (!_unheard.TryGetValue(
            message.Key, out (Ballot Ballot, MemberSet Left, int Tellings) told)
            || told.Ballot != message.Ballot)
        {
            return;
        }

        MemberSet left = told.Left.Without(by);
        if (left.IsEmpty)
            _unheard.Remove(message.Key);
        else
            _unheard[message.Key] = told with { Left = left };
    }

    private void WatchSpread(in Turn turn)
    {
        if (_unheard.Count == 0 || _spreadDue != Instant.Never)
            return;

        _spreadDue = turn.Now + _options.ResendAfter;
        SetAlarm(RegisterAlarm.Spreading, _spreadDue);
    }

    // The first time they have had less time than that.
    [Rule(RegisterRules.LaggingCompares)]
    private void SpreadAgain(in Turn turn, Outbox outbox)
    {
        _spreadDue = Instant.Never;
        foreach (ulong key in _unheard.Keys.Order().ToArray())
        {
            (Ballot ballot, MemberSet left, int tellings) = _unheard[key];
            if (tellings == TellingsMax)
            {
                _unheard.Remove(key);
                continue;
            }

            _unheard[key] = (ballot, left, tellings + 1);
            foreach (Member peer in tellings > 0 ? left.Except(_disconnected) : default)
                _frames.To(peer, new Chosen(key, ballot), default, outbox);
        }

        WatchSpread(turn);
    }
}
