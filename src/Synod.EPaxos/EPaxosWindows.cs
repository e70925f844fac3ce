using System.Runtime.InteropServices;
using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>How many own commands on each key are proposed and not executed, and those that wait
/// for room, in their order (protocols §1.12: without a bound a command could depend on newer ones
/// for ever).</summary>
internal sealed class EPaxosWindows
{
    // What touches everything has a window of its own.
    private const ulong Everything = 0;

    private readonly Dictionary<ulong, Window> _windows = [];

    /// <summary>How many wait.</summary>
    public int Held { get; private set; }

    /// <summary>All that wait, in no order.</summary>
    public IEnumerable<OwnRequest> All =>
        _windows.Values.SelectMany(static window => window.Waiting ?? []);

    /// <summary>Whether one more has to wait.</summary>
    public bool IsFull(in Footprint footprint, int most) => FullKey(footprint, most) is not null;

    /// <summary>Waits behind those that wait on the same key.</summary>
    public void Hold(OwnRequest own)
    {
        ulong key = FullKey(own.Value.Footprint, 0) ?? Everything;
        ref Window window = ref Of(key);
        window.Waiting ??= [];
        window.Waiting.Enqueue(own);
        Held++;
    }

    /// <summary>Something on a key is to be an instance of its own.</summary>
    public void Begin(ulong key) => Of(key).Count++;

    /// <summary>One is executed, or will not be proposed.</summary>
    public void End(in Footprint footprint)
    {
        for (int position = 0; position < Keys(footprint); position++)
        {
            ulong key = KeyOf(footprint, position);
            ref Window window = ref Of(key);
            window.Count--;
            if (window is { Count: 0, IsFree: true })
                _windows.Remove(key);
        }
    }

    /// <summary>Whether one more may be proposed on a key.</summary>
    public bool HasRoom(ulong key, int most) =>
        !_windows.TryGetValue(key, out Window window) || window.Count < most;

    /// <summary>The first that waits on a key, if any does.</summary>
    public bool TryPeek(ulong key, out OwnRequest own)
    {
        own = default;
        return _windows.TryGetValue(key, out Window window)
            && window.Waiting is not null
            && window.Waiting.TryPeek(out own);
    }

    /// <summary>It waits no more.</summary>
    public void Dequeue(ulong key)
    {
        Of(key).Waiting?.Dequeue();
        Held--;
    }

    /// <summary>Takes out all that wait.</summary>
    public IReadOnlyList<OwnRequest> Clear()
    {
        List<OwnRequest> all = [];
        foreach ((ulong key, Window window) in _windows.OrderBy(static one => one.Key).ToArray())
        {
            all.AddRange(window.Waiting ?? []);
            window.Waiting?.Clear();
            if (window.Count == 0)
                _windows.Remove(key);
        }

        Held = 0;
        return all;
    }

    // Behind one that waits everything waits, so that the order of a client stays.
    private ulong? FullKey(in Footprint footprint, int most)
    {
        for (int position = 0; position < Keys(footprint); position++)
        {
            ulong key = KeyOf(footprint, position);
            if (_windows.TryGetValue(key, out Window window)
                && (window.Count >= most || !window.IsFree))
            {
                return key;
            }
        }

        return null;
    }

    private ref Window Of(ulong key) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(_windows, key, out _);

    /// <summary>How many windows it concerns.</summary>
    public static int Keys(in Footprint footprint) => Math.Max(1, footprint.Count);

    /// <summary>Which.</summary>
    public static ulong KeyOf(in Footprint footprint, int position) =>
        footprint.IsUniversal ? Everything : footprint.KeyAt(position);

    // Most keys have one command at a time and nobody who waits.
    private struct Window
    {
        public int Count { get; set; }

        public Queue<OwnRequest>? Waiting { get; set; }

        public readonly bool IsFree => Waiting is null or { Count: 0 };
    }
}
