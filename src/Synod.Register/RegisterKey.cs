using Synod.Kernel;

namespace Synod.Register;

/// <summary>What an acceptor holds for one key.</summary>
internal sealed class RegisterKey(ulong key)
{
    private byte[] _state = [];

    public ulong Key => key;

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

    /// <summary>The record that says all of it, with those that came after; see
    /// <see cref="RegisterAges"/> for this and what follows.</summary>
    public RecordNumber First { get; set; }

    /// <summary>How many bytes of records there were before that one.</summary>
    public long Place { get; set; }

    /// <summary>How many bytes that one takes; 0 if there is none.</summary>
    public int LiveBytes { get; set; }

    /// <summary>The key that needs the next older record.</summary>
    public RegisterKey? Older { get; set; }

    /// <summary>The key that needs the next newer record.</summary>
    public RegisterKey? Newer { get; set; }

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
        Take(state);
        Promise(ballot.NextOf(ballot.Proposer), record);
    }

    /// <summary>All that it held when it was written anew. Where it still holds that, nothing
    /// changes, and what rests on its newest record does not wait for the new one.</summary>
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void Restore(in KeyRecord record, RecordNumber number)
    {
        if (AcceptedIn == record.AcceptedIn && Promised == record.Promised)
            return;

        AcceptedIn = record.AcceptedIn;
        Take(record.State);
        Promise(record.Promised, number);
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

    private void Take(ReadOnlySpan<byte> state)
    {
        if (state.Length == _state.Length)
            state.CopyTo(_state);
        else
            _state = state.ToArray();
    }
}
