using System.Globalization;
using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Simulation;

/// <summary>One run: things go wrong, all is healed, everybody must be served, all must be equal,
/// and the history must be linearizable.</summary>
internal sealed class SimulatedRun
{
    private const int StepsPerCheck = 1000;
    private const int ConfigurationsMax = 2_000_000;
    private static readonly TimeSpan RestTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    private readonly World _world;
    private readonly FaultPlan _plan;
    private readonly SimulatedCluster _cluster;
    private readonly FaultInjector _faults;
    private Instant _askAt;
    private bool _isUndecided;

    public SimulatedRun(World world, FaultPlan plan)
    {
        _world = world;
        _plan = plan;
        _cluster = new SimulatedCluster(world);
        _faults = new FaultInjector(world, _cluster);
    }

    /// <summary>The nodes and clients, to be looked at afterwards.</summary>
    public SimulatedCluster Cluster => _cluster;

    public SimulationReport Run()
    {
        string? violation = Try(Live);
        History history = HistoryOf(_cluster.Tally.Operations);
        violation ??= Try(() => Check(history));
        if (violation is not null)
            _world.Trace.Note(TraceKind.Violated, default, 0, violation);
        string emptiness = violation is null ? Emptiness() : "";
        return new SimulationReport
        {
            Seed = _world.Seed,
            Verdict = violation is not null ? Verdict.Violated
                : emptiness.Length > 0 ? Verdict.Void
                : Verdict.Passed,
            Reason = violation ?? emptiness,
            Steps = _world.Schedule.Steps,
            VirtualTime = new TimeSpan(_world.Now.Ticks),
            Operations = _cluster.Tally.Succeeded,
            TraceDigest = _world.Trace.Digest,
            Plan = _plan,
            Effects = _world.Effects,
            Knobs = _world.Knobs,
            History = history,
        };
    }

    // Whatever comes out of a node's code, out of an oracle or of the simulator itself: the run
    // has failed, and its seed shows how.
    private static string? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (SimulationViolationException violation)
        {
            return violation.Message;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"{failure.GetType().Name}: {failure.Message} {failure.StackTrace}";
        }
    }

    private void Live()
    {
        _cluster.Start(_world);
        _faults.Carry(_plan);
        RunUntil(new Instant(_world.Options.Duration.Ticks), static () => false);
        Instant healed = _world.Now;
        _faults.Heal();
        Require(
            () => _cluster.Callers.All(caller => caller.ServedAt >= healed),
            "was not every process of a client served");
        Require(
            () => _cluster.Nodes.All(
                static node => !node.IsRunning || !node.Audit.IsUnderRepair),
            "was not every damaged member repaired");
        foreach (Caller caller in _cluster.Callers)
            caller.IsStopping = true;
        Require(() => _cluster.Callers.All(static caller => !caller.IsBusy), "did a call not end");
        _cluster.Ask();
        Require(AreEqual, "were not all replicas equal");
        Require(
            () => _cluster.Watchers.All(static watcher => watcher.IsUpToDate),
            "had not everybody who watches seen the last state");
        Rest();
        Require(
            () => !_cluster.OpenRequests.Any(),
            $"had not every request ended ({string.Join(", ", _cluster.OpenRequests)})");
        PowerCycle();
        Finish();
        _cluster.Check();
    }

    private bool AreEqual() => IsTold(() => _cluster.IsEqual);

    private bool IsTold(Func<bool> condition)
    {
        if (condition())
            return true;

        if (_world.Now >= _askAt)
        {
            _askAt = _world.Now + AskEvery;
            _cluster.Ask();
        }

        return false;
    }

    // What a client has given up may still happen for a moment.
    private void Rest()
    {
        RunUntil(_world.Now + RestTime, static () => false);
        _cluster.Ask();
        Require(AreEqual, "were not all replicas equal again");
    }

    // What the disks alone give back is what the replicas had.
    private void PowerCycle()
    {
        string[] before = [.. _cluster.States.Order(StringComparer.Ordinal)];
        foreach (SimulatedNode node in _cluster.Nodes.Where(static node => node.IsRunning))
            node.Stop(isPowerLoss: true);
        foreach (SimulatedNode node in _cluster.Nodes.Where(static node => node.CanStart))
            node.Start();
        Require(
            () => IsTold(() => _cluster.IsEqual
                && _cluster.States.Order(StringComparer.Ordinal).SequenceEqual(before)),
            $"did the disks not give back what the replicas had ({string.Join("; ", before)})");
    }

    private void Finish()
    {
        foreach (Caller caller in _cluster.Callers.DistinctBy(static caller => caller.Group))
        {
            foreach (WorkloadCall call in _world.Workload.Last())
                Finish(caller, call);
        }

        if (_world.Shared is null)
            return;

        foreach (Caller caller in _cluster.Callers)
        {
            foreach (WorkloadCall call in _world.Workload.Last())
                Finish(caller, caller.Own(call));
        }
    }

    private void Finish(Caller caller, WorkloadCall call)
    {
        bool isDone = false;
        caller.Call(call, () => isDone = true);
        Require(() => isDone, "did a last read not end");
    }

    // An idle cluster still has heartbeats, so time goes on.
    private void Require(Func<bool> condition, string complaint)
    {
        TimeSpan within = _world.Options.ServeWithin;
        if (RunUntil(_world.Now + within, condition))
            return;

        throw new SimulationViolationException(
            $"{within.TotalSeconds} s after healing, {complaint}: "
            + string.Join("; ", _cluster.States));
    }

    private bool RunUntil(Instant end, Func<bool> condition)
    {
        while (!condition())
        {
            if (!_world.Schedule.TryStep(end))
                return false;
            if (_world.Violation is not null)
                throw new SimulationViolationException(_world.Violation);
            if (_world.Schedule.Steps % StepsPerCheck == 0)
                _cluster.Check();
        }

        return true;
    }

    private void Check(History history)
    {
        // Bounded by its work and not by time: a verdict is the same on every machine.
        CheckOptions options =
            new() { TimeBudget = TimeSpan.FromDays(1), ConfigurationsMax = ConfigurationsMax };
        CheckResult result = LinearizabilityChecker.Check(history, options);
        if (result is CheckResult.NotLinearizable bad)
            throw new SimulationViolationException(bad.Violation.ToText());
        _isUndecided = result is CheckResult.Undecided;
    }

    private History HistoryOf(IReadOnlyList<Operation> operations) =>
        new(_world.Options.Workload.Model, operations)
        {
            Protocol = _world.Options.Protocol.Name,
            Seed = unchecked((long)_world.Seed),
        };

    private string Emptiness()
    {
        double seconds = _world.Now.Ticks / (double)TimeSpan.TicksPerSecond;
        double rate = _cluster.Tally.Succeeded / seconds;
        if (rate < _world.Options.OperationsPerSecondMin)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"only {rate:0.0} operations per virtual second succeeded");
        }

        if (_isUndecided)
            return "whether the history is linearizable could not be decided";

        bool isIdle = _plan.Faults.Count > 0 && !_world.IsHit;
        return isIdle ? "no fault had an effect" : "";
    }
}
