using Synod.Kernel;

namespace Synod.Register;

/// <summary>The acceptor of a key.</summary>
internal sealed partial class RegisterReplica
{
    [Rule(RegisterRules.PromiseIsMonotone)]
    [Rule(RegisterRules.PromiseTellsVote)]
    [Rule(RegisterRules.DamagedIsSilent)]
    [Rule(RegisterRules.FullIsSlow)]
    public void Receive(in Turn turn, Member from, in Prepare message, Outbox outbox)
    {
        if (_state.IsVoiceless || _pressure == StoragePressure.Full)
            return;

        RegisterKey held = _state.GetOrAdd(message.Key);
        if (message.Ballot < held.Promised)
        {
            Refuse(from, (message.Key, message.Ballot), held, outbox);
            return;
        }

        if (message.Ballot > held.Promised)
        {
            PromisedRecord record = new(message.Key, message.Ballot);
            _state.Take(record, outbox.Persist(record));
        }

        Invariant.Holds(held.AcceptedIn <= held.Promised, RegisterRules.PromiseIsMonotone);
        Promise promise = new()
        {
            Key = message.Key,
            Ballot = message.Ballot,
            Vote = VoteOf(held, message.Have),
        };
        _frames.To(from, promise, held.Record, outbox);
    }

    // Without a voice it takes in what others propose, so that it learns what is chosen.
    [Rule(RegisterRules.PromiseIsMonotone)]
    [Rule(RegisterRules.AcceptPromisesNext)]
    [Rule(RegisterRules.DamagedIsSilent)]
    [Rule(RegisterRules.FullIsSlow)]
    public void Receive(in Turn turn, Member from, in Accept message, Outbox outbox)
    {
        if (_pressure == StoragePressure.Full)
            return;

        RegisterKey held = _state.GetOrAdd(message.Key);
        bool isRepeated = message.Ballot == held.AcceptedIn;
        if (isRepeated && !message.State.SequenceEqual(held.State))
        {
            outbox.Violated(RegisterRules.OneStatePerBallot, from);
            return;
        }

        if (!isRepeated && message.Ballot < held.Promised)
        {
            Refuse(from, (message.Key, message.Ballot), held, outbox);
            return;
        }

        if (!isRepeated)
        {
            AcceptedRecord record = new()
            {
                Key = message.Key,
                Ballot = message.Ballot,
                State = message.State,
            };
            _state.Take(record, outbox.Persist(record));
            Open(turn, message.Key);
        }

        if (!_state.IsVoiceless)
            _frames.To(from, new Accepted(message.Key, message.Ballot), held.Record, outbox);
    }

    private static RegisterVote VoteOf(RegisterKey? held, Ballot have)
    {
        if (held is null || held.AcceptedIn == Ballot.Zero)
            return default(RegisterVote) with { Ballot = Ballot.Zero };

        bool isLeftOut = held.AcceptedIn == have;
        return new RegisterVote
        {
            Ballot = held.AcceptedIn,
            IsLeftOut = isLeftOut,
            State = isLeftOut ? default : held.State,
        };
    }

    private void Refuse(
        Member from, (ulong Key, Ballot Ballot) asked, RegisterKey held, Outbox outbox)
    {
        Refused refused = new(asked.Key, asked.Ballot, held.Promised);
        if (!_state.IsVoiceless)
            _frames.To(from, refused, held.Record, outbox);
    }
}
