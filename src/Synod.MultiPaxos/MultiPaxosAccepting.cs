using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>How far this acceptor has accepted, without a hole, what is proposed in the ballot that
/// it has promised. What is known to be chosen counts: nothing else can be accepted
/// there.</summary>
internal sealed class MultiPaxosAccepting(MultiPaxosState state)
{
    private Ballot _ballot;
    private LogIndex _through;

    /// <summary>How far now.</summary>
    /// <param name="below">What is above it is proposed in the ballot.</param>
    [Rule(MultiPaxosRules.OneValuePerBallot)]
    public LogIndex Through(LogIndex below)
    {
        if (_ballot != state.Promised)
            (_ballot, _through) = (state.Promised, below);
        _through = LogIndex.Max(LogIndex.Max(_through, below), state.Chosen);
        while (state.Slots[_through.Next()].Ballot == _ballot)
            _through = _through.Next();
        return _through;
    }

    /// <summary>Adds all of it.</summary>
    public void Digest(ref StateHash hash)
    {
        hash.Add(_ballot.Number);
        hash.Add(_through.Number);
    }
}
