using System.Text;

namespace Synod.Hosting;

/// <summary>One run of a node as a life of its key, with which values can live. A run that begins
/// ends the one before; a run goes on as long as it is renewed. Calls come one after the
/// other.</summary>
/// <param name="port">Where the store is.</param>
/// <param name="node">The number of the node.</param>
/// <param name="time">How long a run lives without being renewed, by the clocks of a
/// majority.</param>
public sealed class NodeTenure(IRegisterPort port, int node, TimeSpan time)
{
    private readonly RegisterLives _lives = new(port);
    private readonly string _key = RegisterNames.NodeKey(node);
    private readonly string _run = OwnerId.New().Name;
    private Generation? _generation;

    /// <summary>Begins the run, or goes on with it; one that others took for over begins
    /// anew.</summary>
    /// <param name="how">What to do without a quorum; its bucket does not count.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Chosen, no quorum, or refused.</returns>
    public async Task<RegisterOutcome> RenewAsync(
        RegisterCall? how = null, CancellationToken cancellation = default)
    {
        CallBudget budget = CallBudget.Of(how ?? new RegisterCall(), port, cancellation);
        if (_generation is Generation present)
        {
            RegisterOutcome renewed =
                await _lives.RenewAsync(_key, present, time, budget).ConfigureAwait(false);
            if (renewed is not RegisterOutcome.NotFound)
                return renewed;

            _generation = null;
        }

        return await BeginAsync(budget).ConfigureAwait(false);
    }

    /// <summary>Ends the run: what lives with it is gone.</summary>
    /// <param name="how">What to do without a quorum; its bucket does not count.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Not found, since it is there no more; no quorum; or refused.</returns>
    public async Task<RegisterOutcome> EndAsync(
        RegisterCall? how = null, CancellationToken cancellation = default)
    {
        if (_generation is not Generation present)
            return new RegisterOutcome.NotFound();

        _generation = null;
        CallBudget budget = CallBudget.Of(how ?? new RegisterCall(), port, cancellation);
        return await _lives.EndAsync(_key, new EndKey(present), budget).ConfigureAwait(false);
    }

    private async Task<RegisterOutcome> BeginAsync(CallBudget budget)
    {
        while (true)
        {
            (long? until, RegisterOutcome? fault) =
                await _lives.AfterAsync(time, budget).ConfigureAwait(false);
            if (fault is not null)
                return fault;

            PutOnce put = new(Encoding.UTF8.GetBytes(_run), new Lifetime { Until = until });
            RegisterOutcome chosen =
                await _lives.PutAsync(_key, put, budget).ConfigureAwait(false);
            if (chosen is not RegisterOutcome.Chosen { Value: var found })
                return chosen;

            if (Encoding.UTF8.GetString(found.Bytes.Span) == _run)
            {
                _generation = found.Generation;
                return chosen;
            }

            // An earlier run, which is over since this one has begun: a data directory has one
            // process.
            RegisterOutcome ended = await _lives
                .EndAsync(_key, new EndKey(found.Generation), budget).ConfigureAwait(false);
            if (ended is not (RegisterOutcome.NotFound or RegisterOutcome.Chosen))
                return ended;
        }
    }
}
