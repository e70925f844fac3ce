using Synod.Kernel;

namespace Synod.Register;

/// <summary>What is chosen, and who is told.</summary>
internal sealed partial class RegisterReplica
{
    private long _chosenCount;

    // Only a hint: it saves others a round, and nothing rests on its arrival.
    [Rule(RegisterRules.MajorityAlways)]
    public void Receive(in Turn turn, Member from, in Chosen message, Outbox outbox)
    {
        RegisterKey held = _state.GetOrAdd(message.Key);
        if (held.AcceptedIn == message.Ballot)
            AcceptedAndChosen(from, (message.Key, held), outbox);
        else if (held.ChosenIn < message.Ballot)
            Missed(turn, message);
    }

    // Told again: that it was accepted was not heard.
    private void AcceptedAndChosen(
        Member from, (ulong Key, RegisterKey Held) at, Outbox outbox)
    {
        (ulong key, RegisterKey held) = at;
        bool isRepeated = held.IsChosen;
        Learn(key, held, outbox);
        if (isRepeated && !_state.IsVoiceless)
            _frames.To(from, new Accepted(key, held.AcceptedIn), held.Record, outbox);
    }

    private void AcceptedBy(in Turn turn, RegisterRound round, Member by, Outbox outbox)
    {
        round.Heard = round.Heard.With(by);
        round.Against = round.Against.Without(by);
        if (_quorums.IsMajority(round.Heard))
            Choose(turn, round, outbox);
    }

    [Rule(RegisterRules.ChosenInOneBallot)]
    [Rule(RegisterRules.AnsweredWhenChosen)]
    private void Choose(in Turn turn, RegisterRound round, Outbox outbox)
    {
        Invariant.Holds(
            _quorums.IsMajority(round.Heard), RegisterRules.ChosenInOneBallot);
        RegisterKey held = _state.GetOrAdd(round.Key);
        if (held.AcceptedIn == round.Ballot)
            Learn(round.Key, held, outbox);
        else
            Tell((round.Key, round.Ballot), held, round.State.Written, outbox);
        foreach (RegisterRequest request in round.Running)
            outbox.Done(request.Id);
        foreach (RequestId read in round.Readers)
        {
            if (read != default)
                outbox.ReadReady(read);
        }

        _frames.ToAll(new Chosen(round.Key, round.Ballot), default, outbox);
        Spread(turn, round);
        GoOn(turn, (round, held), outbox);
    }

    // Whoever accepted has promised the next ballot, so it needs no asking until another is ahead.
    [Rule(RegisterRules.AcceptPromisesNext)]
    private void GoOn(in Turn turn, (RegisterRound Round, RegisterKey Held) at, Outbox outbox)
    {
        (RegisterRound round, RegisterKey held) = at;
        Ballot next = round.Ballot.NextOf(_self);
        if (held.AcceptedIn == round.Ballot && held.Promised == next)
            held.Held = next;

        round.Done();
        if (round.HasWork)
            Begin(turn, round, outbox);
        else
            End(round);
    }

    private void Learn(ulong key, RegisterKey held, Outbox outbox)
    {
        if (held.IsChosen)
            return;

        if (_pressure != StoragePressure.Full)
        {
            outbox.Persist(new ChosenRecord(key, held.AcceptedIn));
            _state.Ages.Wrote();
        }

        Tell((key, held.AcceptedIn), held, held.State, outbox);
    }

    private void Tell(
        (ulong Key, Ballot Ballot) at, RegisterKey held, ReadOnlySpan<byte> state, Outbox outbox)
    {
        _chosenCount++;
        _state.Choose(at.Key, held, at.Ballot);
        outbox.Learned(new KeyState { Key = at.Key, Ballot = at.Ballot, State = state });
    }
}
