using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Simulation;

/// <summary>Calls, waits for the end, rests, and calls again. It has a new name after an unknown
/// outcome, since a process of a history never goes on from there.</summary>
internal sealed class Caller(
    World world, SimulatedClient client, Tally tally, SeededRandom random)
{
    private const int DrawsMax = 20;

    private readonly bool _isReader = random.Chance(1, 3);
    private int _number = tally.NewProcess();
    private Instant _restsUntil;
    private string? _own;

    /// <summary>The group it calls.</summary>
    public GroupId Group => client.Group;

    /// <summary>Whether it calls again when a call has ended.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Whether a call is under way.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>When the newest call that succeeded was begun.</summary>
    public Instant ServedAt { get; private set; }

    /// <summary>Begins to call.</summary>
    public void Start() => world.Schedule.After(random.Below(world.Options.ThinkTime), Next);

    /// <summary>It does not call again before a time.</summary>
    public void RestUntil(Instant time) => _restsUntil = time;

    /// <summary>The same call on a key that nobody else uses.</summary>
    public WorkloadCall Own(WorkloadCall call)
    {
        _own ??= $"own {_number}";
        return call.On($"{_own}/{call.Key}");
    }

    /// <summary>One call; then what follows.</summary>
    public void Call(WorkloadCall call, Action then)
    {
        IsBusy = true;
        Instant begun = world.Now;
        world.Trace.Note(
            TraceKind.Called,
            default,
            _number,
            world.Trace.HasWords ? $"{call.F} {KeyOf(call)} {call.Value}" : "");
        client.Call(call, end =>
        {
            IsBusy = false;
            End(call, begun, end);
            then();
        });
    }

    private void Next()
    {
        if (IsStopping)
            return;

        if (world.Now < _restsUntil)
        {
            world.Schedule.After(_restsUntil - world.Now, Start);
            return;
        }

        Call(Draw(), Start);
    }

    // Some only read: commands wait for a leader that is cut off, and behind them no read would
    // find out what it answers.
    private WorkloadCall Draw()
    {
        WorkloadCall call = world.Workload.Draw(random, tally.NewCall());
        for (int draw = 0; _isReader && !call.IsQuery && draw < DrawsMax; draw++)
            call = world.Workload.Draw(random, tally.NewCall());
        return world.Shared is int share && !random.Chance(share, 100) ? Own(call) : call;
    }

    // Each group has keys of its own.
    private string KeyOf(WorkloadCall call) =>
        Group.Number == 1 ? call.Key : $"{Group}/{call.Key}";

    private void End(WorkloadCall call, Instant begun, WorkloadEnd end)
    {
        bool isUnknown = end.Type == OperationType.Info;
        tally.Add(new Operation(
            _number,
            call.F,
            KeyOf(call),
            call.Value,
            begun.Ticks,
            isUnknown ? null : world.Now.Ticks,
            end.Type,
            end.Output));
        if (end.Type == OperationType.Ok)
            ServedAt = begun;
        if (!isUnknown)
            return;

        world.Count("an outcome is unknown");
        _number = tally.NewProcess();
    }
}
