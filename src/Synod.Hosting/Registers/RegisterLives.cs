using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>Lives of keys: whether they go on, and their end.</summary>
/// <remarks>A machine sees one key and no clock, so it cannot know that what a value lives with has
/// ended. Clients know: they look at the value first and at its owner <em>afterwards</em>, since
/// the other way round the owner could end, and a read that says so be answered, before the value
/// is looked at. A life that has ended never comes back (a later one has another generation), so
/// what was found stays true. Who finds a life over ends it by a command that names the generation,
/// and says so only then: what one was told that it is gone nobody reads after, whatever the clocks
/// show him.</remarks>
internal sealed class RegisterLives(IRegisterPort port)
{
    private const int DepthMax = 16;

    private static readonly RegisterOutcome.NoQuorum NoClock =
        new("The clocks of no majority were heard.", MayHaveHappened: false);

    private static readonly RegisterOutcome.Refused TooDeep = new(
        RegisterRefusal.TooDeep,
        $"The value lives with something that lives with something, more than {DepthMax} times.");

    private readonly MajorityClock _clock = new(port);

    /// <summary>The state of a key; live only if its life goes on.</summary>
    public Task<RegisterOutcome> LookAsync(string key, CallBudget budget) =>
        LookAsync((key, null), 0, budget);

    /// <summary>Puts a value. If the life of the one that is there is over it is ended
    /// first.</summary>
    [Rule(StoreRules.OwnerAfterValue)]
    public async Task<RegisterOutcome> PutAsync(string key, PutOnce put, CallBudget budget)
    {
        bool mayBeOurs = false;
        while (true)
        {
            Outcome<WriteOnceEntry> chosen =
                await budget.ExecuteAsync(key, put).ConfigureAwait(false);
            if (chosen is not Outcome<WriteOnceEntry>.Applied { Result: var entry })
                return Fault(RegisterOutcome.Of(chosen), mayBeOurs);

            mayBeOurs |= entry.Lifetime == put.Lifetime;
            Over over = await IsOverAsync(entry, 0, budget).ConfigureAwait(false);
            if (over.Fault is not null)
                return Fault(over.Fault, mayBeOurs);
            if (over.End is null)
                return RegisterOutcome.Of(entry);

            Outcome<WriteOnceEntry> ended =
                await budget.ExecuteAsync(key, over.End).ConfigureAwait(false);
            if (ended is not Outcome<WriteOnceEntry>.Applied { Result: var next })
                return Fault(RegisterOutcome.Of(ended), mayBeOurs);

            // One that was renewed meanwhile goes on.
            bool hasEnded = !next.IsLive || next.Generation != entry.Generation;
            if (mayBeOurs && hasEnded)
                return over.ToRefusal();
        }
    }

    /// <summary>Ends a life, and tells what is there then.</summary>
    public async Task<RegisterOutcome> EndAsync(string key, EndKey end, CallBudget budget)
    {
        Outcome<WriteOnceEntry> ended =
            await budget.ExecuteAsync(key, end).ConfigureAwait(false);
        return ended switch
        {
            Outcome<WriteOnceEntry>.Applied { Result: var entry } =>
                await SettleAsync((key, entry), 0, budget).ConfigureAwait(false),
            Outcome<WriteOnceEntry>.Refused refused => new RegisterOutcome.Refused(
                RegisterRefusal.FutureGeneration, refused.Reason),
            _ => RegisterOutcome.Of(ended),
        };
    }

    /// <summary>Gives a life of a key that much time from now; not found if it is over.</summary>
    /// <param name="key">The key.</param>
    /// <param name="generation">Which life; null for the present one.</param>
    /// <param name="time">From now on, by the clocks of a majority.</param>
    /// <param name="budget">The time of the call.</param>
    public async Task<RegisterOutcome> RenewAsync(
        string key, Generation? generation, TimeSpan time, CallBudget budget)
    {
        RegisterOutcome found =
            await LookAsync((key, generation), 0, budget).ConfigureAwait(false);
        if (found is not RegisterOutcome.Chosen { Value: { Generation: var present } value })
            return found;
        if (value.Until is null)
            return found;

        (long? until, RegisterOutcome? fault) =
            await AfterAsync(time, budget).ConfigureAwait(false);
        if (fault is not null)
            return fault;

        Outcome<WriteOnceEntry> renewed = await budget
            .ExecuteAsync(key, new RenewKey(present, until ?? 0)).ConfigureAwait(false);
        if (renewed is not Outcome<WriteOnceEntry>.Applied { Result: var entry })
            return RegisterOutcome.Of(renewed);

        found = await SettleAsync((key, entry), 0, budget).ConfigureAwait(false);
        return Fault(OfLife(present, found), mayHaveHappened: true);
    }

    /// <summary>The time that much from now, by the clocks of a majority; null for never.</summary>
    public async Task<(long? Until, RegisterOutcome? Fault)> AfterAsync(
        TimeSpan? time, CallBudget budget)
    {
        if (time is not TimeSpan wanted)
            return (null, null);

        long? now = await _clock.ReadAsync(wanted / 10, budget).ConfigureAwait(false);
        return now is long clock
            ? (Math.Max(0, clock + (long)wanted.TotalMilliseconds), null)
            : (null, NoClock);
    }

    /// <summary>What a value is to live with, as it lives now.</summary>
    public async Task<(Lifetime Lifetime, RegisterOutcome? Fault)> BeginAsync(
        PutCall call, CallBudget budget)
    {
        (KeyLife? owner, RegisterOutcome? fault) = await LifeAsync(
            call.Owner is OwnerId id ? RegisterNames.OwnerKey(id) : null, budget)
            .ConfigureAwait(false);
        if (fault is not null)
            return (default, fault);

        (KeyLife? node, fault) = await LifeAsync(
            call.Node is int number ? RegisterNames.NodeKey(number) : null, budget)
            .ConfigureAwait(false);
        if (fault is not null)
            return (default, fault);

        (KeyLife? key, fault) = await LifeAsync(
            call.Key is (string bucket, string name) ? RegisterNames.KeyOf(bucket, name) : null,
            budget).ConfigureAwait(false);
        if (fault is not null)
            return (default, fault);

        Lifetime lifetime = new()
        {
            Owner = owner,
            Node = node,
            Key = key,
            Until = call.Until?.ToUnixTimeMilliseconds(),
        };
        Over over = await IsPastAsync(lifetime, default, budget).ConfigureAwait(false);
        return (lifetime, over.End is null ? over.Fault : over.ToRefusal());
    }

    private async Task<(KeyLife? Life, RegisterOutcome? Fault)> LifeAsync(
        string? key, CallBudget budget)
    {
        if (key is null)
            return (null, null);

        // What is to live with it is one deeper.
        RegisterOutcome found = await LookAsync((key, null), 1, budget).ConfigureAwait(false);
        return found switch
        {
            RegisterOutcome.Chosen chosen => (new KeyLife(key, chosen.Value.Generation), null),
            RegisterOutcome.NotFound => (null, new RegisterOutcome.Refused(
                RegisterRefusal.DeadOwner, $"{key} does not live.")),
            _ => (null, found),
        };
    }

    // Of one life if it is named: a later one says nothing of it, and may itself live with what is
    // being looked at.
    private async Task<RegisterOutcome> LookAsync(
        (string Key, Generation? Life) asked, int depth, CallBudget budget)
    {
        Outcome<WriteOnceEntry> read = await budget.QueryAsync(asked.Key).ConfigureAwait(false);
        if (read is not Outcome<WriteOnceEntry>.Applied { Result: var entry })
            return RegisterOutcome.Of(read);
        if (asked.Life is not null && asked.Life != entry.Generation)
            return new RegisterOutcome.NotFound();

        RegisterOutcome found =
            await SettleAsync((asked.Key, entry), depth, budget).ConfigureAwait(false);
        return OfLife(asked.Life, found);
    }

    // Ends what is over, until what is there is live or nothing is.
    [Rule(StoreRules.EndedBeforeTold)]
    private async Task<RegisterOutcome> SettleAsync(
        (string Key, WriteOnceEntry Entry) found, int depth, CallBudget budget)
    {
        (string key, WriteOnceEntry entry) = found;
        while (true)
        {
            Over over = await IsOverAsync(entry, depth, budget).ConfigureAwait(false);
            if (over.Fault is not null)
                return over.Fault;
            if (over.End is null)
                return RegisterOutcome.Of(entry);

            Outcome<WriteOnceEntry> ended =
                await budget.ExecuteAsync(key, over.End).ConfigureAwait(false);
            if (ended is not Outcome<WriteOnceEntry>.Applied { Result: var next })
                return RegisterOutcome.Of(ended);

            entry = next;
        }
    }

    private async Task<Over> IsOverAsync(WriteOnceEntry entry, int depth, CallBudget budget)
    {
        if (!entry.IsLive)
            return Over.No;

        foreach (KeyLife life in entry.Lifetime.Lives())
        {
            RegisterOutcome found = depth < DepthMax
                ? await LookAsync((life.Key, life.Generation), depth + 1, budget)
                    .ConfigureAwait(false)
                : TooDeep;
            if (found is RegisterOutcome.NotFound)
                return new Over(new EndKey(entry.Generation));
            if (found is not RegisterOutcome.Chosen)
                return new Over(null, found);
        }

        return await IsPastAsync(entry.Lifetime, entry.Generation, budget).ConfigureAwait(false);
    }

    private async Task<Over> IsPastAsync(
        Lifetime lifetime, Generation generation, CallBudget budget)
    {
        if (lifetime.Until is not long until)
            return Over.No;

        long? passed = await _clock.PassedAsync(until, budget).ConfigureAwait(false);
        if (passed is not long clock)
            return new Over(null, NoClock);

        return clock >= until ? new Over(new EndKey(generation, clock)) : Over.No;
    }

    // The life that was asked for is over where there is another one.
    private static RegisterOutcome OfLife(Generation? life, RegisterOutcome found) =>
        found is RegisterOutcome.Chosen { Value.Generation: var present }
        && life is not null
        && life != present
            ? new RegisterOutcome.NotFound()
            : found;

    // What may have changed something is not refused any more, whatever comes after it.
    private static RegisterOutcome Fault(RegisterOutcome outcome, bool mayHaveHappened) =>
        (outcome, mayHaveHappened) switch
        {
            (RegisterOutcome.NoQuorum none, true) => none with { MayHaveHappened = true },
            (RegisterOutcome.Refused refused, true) =>
                new RegisterOutcome.NoQuorum(refused.Why, MayHaveHappened: true),
            _ => outcome,
        };
}
