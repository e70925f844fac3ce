using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>The clocks of a majority of the members (safety §6). A time has passed when it has
/// passed by the clocks of a majority: one clock that has jumped is one vote, forwards and
/// backwards, and no client's clock counts at all.</summary>
/// <remarks>The answer is no state of the cluster: whoever hears that a time has passed ends the
/// life by a command that carries what the clocks have shown. Until then it goes on for
/// everybody.</remarks>
internal sealed class MajorityClock(IRegisterPort port)
{
    // A member that is away does not hold up the others for longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Where the group is not created, or only a minority is there.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // For so long what they have shown, and the time since then, spares the question.
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _shown = long.MinValue;
    private Instant _at;

    /// <summary>What they show, in milliseconds since 1970; null if no majority answers.</summary>
    /// <param name="atMostOff">Where the clocks of a majority are as near to each other, nobody
    /// waits for the other clocks: what is shown can then be too early by so much.</param>
    /// <param name="budget">The time of the call.</param>
    public async Task<long?> ReadAsync(TimeSpan atMostOff, CallBudget budget)
    {
        ClockVotes votes = await AskAsync(
            votes => votes.Most - votes.Least <= atMostOff.TotalMilliseconds, budget)
            .ConfigureAwait(false);
        return votes.IsMajority ? votes.Least : null;
    }

    /// <summary>Whether a time has passed; null if no majority answers.</summary>
    /// <returns>What they show if it has, in milliseconds since 1970; else
    /// <see cref="long.MinValue"/>.</returns>
    [Rule(StoreRules.ClocksOfMajority)]
    public async Task<long?> PassedAsync(long until, CallBudget budget)
    {
        if (IsSurelyBefore(until))
            return long.MinValue;

        ClockVotes votes = await AskAsync(
            votes => votes.Least >= until || votes.Most < until, budget).ConfigureAwait(false);
        if (votes.Least >= until)
            return votes.Least;

        return votes.IsMajority ? long.MinValue : null;
    }

    private async Task<ClockVotes> AskAsync(Func<ClockVotes, bool> isEnough, CallBudget budget)
    {
        Instant asked = port.Now;
        ClockVotes votes = await AskOnceAsync(isEnough, budget).ConfigureAwait(false);
        while (!votes.IsMajority && await budget.PauseAsync(Pause).ConfigureAwait(false))
        {
            asked = port.Now;
            votes = await AskOnceAsync(isEnough, budget).ConfigureAwait(false);
        }

        // Nothing later had passed by the clocks of a majority, whatever the others show. An answer
        // may have been on its way since it was asked for, and as much more has passed since.
        lock (_gate)
            (_shown, _at) = votes.IsMajority ? (votes.Most, asked) : (_shown, _at);
        return votes;
    }

    private static async Task<ClockVotes> AskOnceAsync(
        Func<ClockVotes, bool> isEnough, CallBudget budget)
    {
        using CancellationTokenSource enough = budget.Part();
        List<Task<ReplicaStatus?>> asked = [.. budget.StatusOfEach(Patience, enough.Token)];
        ClockVotes votes = new();
        while (asked.Count > 0 && !(votes.IsMajority && isEnough(votes)))
        {
            Task<ReplicaStatus?> answered = await Task.WhenAny(asked).ConfigureAwait(false);
            asked.Remove(answered);
            votes.Add(await answered.ConfigureAwait(false));
        }

        // The others are asked no more: a node that is away would gather the questions of all.
        await enough.CancelAsync().ConfigureAwait(false);
        return votes;
    }

    // It errs on this side only where a majority of the clocks has just jumped forwards, and then a
    // value lives for a second too long.
    private bool IsSurelyBefore(long until)
    {
        lock (_gate)
        {
            TimeSpan age = port.Now - _at;
            return _shown != long.MinValue
                && age < FreshFor
                && _shown + (long)age.TotalMilliseconds < until;
        }
    }
}
