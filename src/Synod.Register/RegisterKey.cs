using Synod.Kernel;

namespace Synod.Register;

/// <summary>What an acceptor holds for one key.</summary>
internal sealed class RegisterKey
{
    private byte[] _state = [];

    /// <summary>bal: it takes part in no lower ballot.</summary>
    public Ballot Promised { get; private set; }

    /// <summary>abal: the ballot that it accepted in last; zero if none.</summary>
    public Ballot AcceptedIn { get; private set; }

    /// <summary>What it accepted in that ballot; empty before the first.</summary>
    public ReadOnlySpan<byte> State => _state;

    /// <summary>Its newest record: with it all that it holds is durable.</summary>
    public RecordNumber Record { get; private set; }

    /// <summary>The highest ballot that is known here to have chosen a state; it may be below the
    /// last acceptance, or above.</summary>
    public Ballot ChosenIn { get; set; }

    /// <summary>Whether what it accepted last is known to be chosen.</summary>
    public bool IsChosen => ChosenIn == AcceptedIn && AcceptedIn != Ballot.Zero;

    /// <summary>The ballot of this member that a majority has promised with its last acceptance,
    /// so that it may propose without asking; zero if there is none. Dies with the life.</summary>
    public Ballot Held { get; set; }

    [Rule(RegisterRules.PromiseIsMonotone)]
    public void Promise(Ballot ballot, RecordNumber record)
    {
        if (ballot > Promised)
            Promised = ballot;
        if (Held < Promised)
            Held = Ballot.Zero;
        Record = record;
    }

    [Rule(RegisterRules.AcceptPromisesNext)]
    public void Accept(Ballot ballot, ReadOnlySpan<byte> state, RecordNumber record)
    {
        AcceptedIn = ballot;
        if (state.Length == _state.Length)
            state.CopyTo(_state);
        else
            _state = state.ToArray();
        Promise(ballot.NextOf(ballot.Proposer), record);
    }

    public void Digest(ref StateHash hash)
    {
        hash.Add(Promised.Number);
        hash.Add(AcceptedIn.Number);
        hash.Add(State);
    }

    public override string ToString() =>
        $"promised {Promised} accepted {AcceptedIn} [{State.Length}]"
        + (IsChosen ? " chosen" : "");
}
