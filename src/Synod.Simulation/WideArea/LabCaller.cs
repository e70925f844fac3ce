using System.Globalization;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>Calls again when it is answered, or at random times whether or not it is.</summary>
internal sealed class LabCaller
{
    private const long Parts = 1_000_000;

    private readonly LabWorld _world;
    private readonly LabClient _client;
    private readonly SiteTally _tally;
    private readonly SeededRandom _random;
    private readonly LabKeys _keys;
    private readonly double? _rate;
    private readonly long _reads;
    private readonly long _first;
    private long _calls;

    public LabCaller(LabWorld world, LabClient client, SiteTally tally, long number)
    {
        WideAreaOptions options = world.Options;
        _world = world;
        _client = client;
        _tally = tally;
        _random = world.RandomOf(LabStream.Caller, number);
        _keys = new LabKeys(
            options, string.Create(CultureInfo.InvariantCulture, $"c{number}"), _random);
        _rate = options.RatePerSite / options.ClientsPerSite;
        _reads = (long)(options.ReadPercent / 100 * Parts);
        _first = number << 40;
    }

    /// <summary>Begins to call.</summary>
    public void Start()
    {
        if (_rate is null)
            Call();
        else
            Wait();
    }

    // What is measured begins when the call was due, and not when an answer let it begin.
    private void Wait() => _world.Schedule.After(NextPause(), () =>
    {
        Wait();
        Call();
    });

    // The pauses between events that know nothing of each other.
    private TimeSpan NextPause()
    {
        double uniform = (_random.Below(Parts) + 1.0) / Parts;
        return TimeSpan.FromSeconds(-Math.Log(uniform) / (_rate ?? 1));
    }

    private void CallAgain(Instant begun)
    {
        if (_world.Now > begun)
            Call();
        else
            _world.Schedule.After(LabWorld.Moment, Call);
    }

    private void Call()
    {
        if (_tally.IsLost)
            return;

        Instant begun = _world.Now;
        string key = _keys.Draw();
        WorkloadCall call = _random.Chance(_reads, Parts)
            ? _world.Options.Machine.Get(key)
            : _world.Options.Machine.Put(key, _first + ++_calls);
        Instant? committed = null;
        long number = _tally.Begin(begun);
        _client.Call(
            call,
            () => committed = _world.Now,
            (kind, _) =>
            {
                _tally.End(number, committed, isDone: kind == ResponseKind.Applied);
                if (_rate is null)
                    CallAgain(begun);
            });
    }
}
