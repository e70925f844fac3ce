using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Runs a group over sites that are far from each other, in virtual time: the real kernel,
/// replica and client, and computing takes no time.</summary>
public sealed class WideAreaLab
{
    // An election takes several of the longest round trips, and the first ones may fail.
    private const int RoundTripsUntilReady = 60;
    private static readonly TimeSpan ReadyWithinMin = TimeSpan.FromMinutes(5);

    private readonly LabWorld _world;
    private readonly IReadOnlyList<LabNode> _nodes;
    private readonly SiteTally[] _tallies;
    private readonly List<LabClient> _clients = [];
    private readonly List<LabCaller> _callers = [];
    private readonly LabClient _administrator;

    private WideAreaLab(WideAreaOptions options)
    {
        _world = new LabWorld(options);
        LabNetwork network = new(_world);
        _nodes = [.. Enumerable.Range(0, _world.Sites)
            .Select(site => new LabNode(_world, site, network))];
        network.Connect(_nodes);
        _tallies = [.. _nodes.Select(_ => new SiteTally(_world.Schedule))];
        _administrator = new LabClient(_world, (options.Leader ?? 0, 0), network, _nodes);
        for (int number = 0; number < _world.Sites * options.ClientsPerSite; number++)
        {
            int site = number % _world.Sites;
            LabClient client = new(_world, (site, number + 1), network, _nodes);
            _clients.Add(client);
            _callers.Add(new LabCaller(_world, client, _tallies[site], number + 1));
        }
    }

    /// <summary>Runs it.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="WideAreaException">The site that is to lead did not come to
    /// lead.</exception>
    public static WideAreaReport Run(WideAreaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new WideAreaLab(options).Run();
    }

    private WideAreaReport Run()
    {
        foreach (LabNode node in _nodes)
            node.Start(_nodes);
        if (_world.Options.Leader is int leader)
            BecomeReady(leader);
        foreach (LabCaller caller in _callers)
            caller.Start();
        Instant begin = _world.Now + _world.Options.WarmUp;
        Instant end = begin + _world.Options.Duration;
        PassUntil(begin);
        foreach (SiteTally tally in _tallies)
            tally.BeginMeasuring();
        if (_world.Options.Loss is WideAreaLoss loss)
            _world.Schedule.At(begin + loss.At, () => Lose(loss));
        PassUntil(end);
        return Report();
    }

    private void BecomeReady(int leader)
    {
        TimeSpan several = RoundTripsUntilReady * _world.RoundTrips.Longest;
        TimeSpan readyWithin = several > ReadyWithinMin ? several : ReadyWithinMin;
        Instant end = _world.Now + readyWithin;
        PrepareLater(leader);
        while (_nodes[leader].Role != KernelRole.Leading)
        {
            if (!_world.Schedule.TryStep(end))
            {
                throw new WideAreaException(
                    $"After {readyWithin.TotalMinutes} minutes {_world.RoundTrips.Sites[leader]} "
                    + "does not lead. Give the protocol an election timeout of several round "
                    + "trips, and no leader if it needs none.");
            }
        }
    }

    // Whoever is elected first hands over to the one that is to lead.
    private void Prepare(int leader)
    {
        if (_nodes.Any(static node => node.Role == KernelRole.Leading))
            _administrator.Transfer(LabNode.IdOf(leader), (_, _) => PrepareLater(leader));
        else
            PrepareLater(leader);
    }

    private void PrepareLater(int leader) => _world.Schedule.After(
        _world.RoundTrips.Longest + LabWorld.Moment,
        () =>
        {
            if (_nodes[leader].Role != KernelRole.Leading)
                Prepare(leader);
        });

    private void Lose(WideAreaLoss loss)
    {
        _nodes[loss.Site].Lose();
        if (loss.KeepsClients)
            return;

        _tallies[loss.Site].Lose();
        foreach (LabClient client in _clients.Where(client => client.Site == loss.Site))
            client.IsLost = true;
    }

    private void PassUntil(Instant end)
    {
        bool isThere = false;
        _world.Schedule.At(end, () => isThere = true);
        while (!isThere)
            _world.Schedule.TryStep(Instant.Never);
    }

    private WideAreaReport Report() => new()
    {
        Options = _world.Options,
        Steps = _world.Schedule.Steps,
        Sites =
        [
            .. _tallies.Index().Select(pair =>
                pair.Item.Report(_world.RoundTrips.Sites[pair.Index])),
        ],
    };
}
