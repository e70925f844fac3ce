using System.Text;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>Watches a key as long as the run goes on, at times from anew. What it is told are
/// states that the key had, in their order, each at most once, and a gap is marked where some are
/// missing.</summary>
internal sealed class Watcher
{
    private static readonly TimeSpan StaysMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StaysMax = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan LagMax = TimeSpan.FromMilliseconds(300);

    private readonly World _world;
    private readonly SimulatedClient _client;
    private readonly KeyHistory _history;
    private readonly SeededRandom _random;
    private readonly byte[] _key;
    private readonly byte[] _query;
    private readonly TimeSpan _lag;
    private WatchToken _seen;

    public Watcher(
        World world, SimulatedClient client, KeyHistory history, SeededRandom random)
    {
        _world = world;
        _client = client;
        _history = history;
        _random = random;
        WorkloadCall[] reads = [.. world.Workload.Last()];
        WorkloadCall read = reads[random.Below(reads.Length)];
        _key = Encoding.UTF8.GetBytes(read.Key);
        _query = client.Encode(read.Request);
        _lag = client.IsPrompt ? TimeSpan.Zero : LagMax;
    }

    /// <summary>The client's number for the watch of now.</summary>
    public long Number { get; private set; }

    /// <summary>Whether it has seen the newest state.</summary>
    public bool IsUpToDate => !_seen.IsEmpty && _seen.Version == _history.NewestOf(_key);

    /// <summary>Begins to watch.</summary>
    public void Start() => _world.Schedule.After(_random.Below(StaysMin), Begin);

    /// <summary>There is a state.</summary>
    public void Told(in WatchNews news, byte[] answer)
    {
        bool isFirst = _seen.IsEmpty;
        if (!isFirst && news.Seen.Version <= _seen.Version)
            throw _world.Violated($"a watch goes from {_seen.Version} to {news.Seen.Version}");
        if (news.IsGap != (!isFirst && news.Seen.Version > _seen.Version + 1))
        {
            throw _world.Violated(
                $"a watch goes from {_seen.Version} to {news.Seen.Version}, and whether there is "
                + $"a gap is said wrong");
        }

        byte[]? expected = _history.AnswerAt(_key, news.Seen.Version, _query);
        if (expected is null || !answer.AsSpan().SequenceEqual(expected))
            throw _world.Violated($"a watch is told a state {news.Seen.Version} that never was");

        _world.CountUsual(news.IsGap ? "a watch was told a gap" : "a watch was told a state");
        _seen = news.Seen;
        (long number, int length) = (Number, answer.Length);
        if (_lag == TimeSpan.Zero)
            _client.Use(number, length);
        else
            _world.Schedule.After(_random.Below(_lag), () => _client.Use(number, length));
    }

    private void Begin()
    {
        _seen = default;
        Number = _client.Watch(_key, _query, this);
        _world.Schedule.After(StaysMin + _random.Below(StaysMax), BeginAnew);
    }

    // In the end all stay, so that what is told last can be looked at.
    private void BeginAnew()
    {
        if (_world.Now.Ticks >= _world.Options.Duration.Ticks)
            return;

        _client.EndWatch(Number);
        Begin();
    }
}
