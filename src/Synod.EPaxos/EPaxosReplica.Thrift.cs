using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Whom a thrifty owner asks (protocols §1.12).</summary>
internal sealed partial class EPaxosReplica
{
    // So many times the patience with an answer.
    private const int SparedTimes = 16;

    private readonly Instant[] _sparedUntil;

    // Those next to it that are connected, and none that is known to be slow: one that never
    // answers, such as a voiceless member, would cost each command the patience with it, and all
    // that conflicts would wait as long.
    [Rule(EPaxosRules.Thrifty)]
    private MemberSet QuorumOf(in Turn turn, int size)
    {
        if (!_options.IsThrifty)
            return _others;

        MemberSet chosen = MemberSet.Of(_self);
        for (int step = 1; step < _state.Members && chosen.Count < size; step++)
        {
            Member next = new((byte)((_self.Index + step) % _state.Members));
            if (!_disconnected.Contains(next) && _sparedUntil[next.Index] <= turn.Now)
                chosen = chosen.With(next);
        }

        return chosen.Count < size ? _others : chosen.Without(_self);
    }

    // For a while: nobody says that it is quick again.
    private void Spare(in Turn turn, MemberSet slow)
    {
        foreach (Member member in slow)
            _sparedUntil[member.Index] = turn.Now + (_options.ResendAfter * SparedTimes);
    }

    private void Answers(Member member) => _sparedUntil[member.Index] = default;
}
