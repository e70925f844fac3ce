namespace Synod.Runtime;

/// <summary>A session's commands on one key, in order (safety §6).</summary>
internal sealed class KeyOrder
{
    private const int Overhead = 256;

    private readonly List<ClientCall> _open = [];
    private long _shown;
    private long _unknown;

    /// <summary>A key of which nothing is known.</summary>
    /// <param name="key">The key.</param>
    /// <param name="unknown">What commands up to this sequence have done to it is not
    /// known.</param>
    public KeyOrder(byte[] key, long unknown)
    {
        Key = key;
        Last = _unknown = unknown;
        Place = new LinkedListNode<KeyOrder>(this);
    }

    /// <summary>The key.</summary>
    public byte[] Key { get; }

    /// <summary>The last of its commands.</summary>
    public long Last { get; private set; }

    /// <summary>Whether no command is under way.</summary>
    public bool IsIdle => _open.Count == 0;

    /// <summary>What it costs to keep it.</summary>
    public int Weight => Key.Length + Overhead;

    /// <summary>Where it stands among those that are idle.</summary>
    public LinkedListNode<KeyOrder> Place { get; }

    /// <summary>A command, later than all before it, is about to be sent for the first
    /// time.</summary>
    public void Add(ClientCall call)
    {
        _open.Add(call);
        Last = call.Sequence;
    }

    /// <summary>A command has ended; if it was not applied it is given up.</summary>
    public void Remove(ClientCall call) => _open.RemoveAt(PlaceOf(call.Sequence));

    /// <summary>The last command before this sequence that has not ended.</summary>
    public ClientCall? Before(long sequence)
    {
        int place = PlaceOf(sequence);
        return place == 0 ? null : _open[place - 1];
    }

    /// <summary>The first command behind this sequence.</summary>
    public ClientCall? Behind(long sequence)
    {
        int place = PlaceOf(sequence + 1);
        return place == _open.Count ? null : _open[place];
    }

    /// <summary>An answer has shown that the sequence is, or was, the last one applied.</summary>
    public void Shown(long sequence) => _shown = Math.Max(_shown, sequence);

    /// <summary>A command has ended, and nobody knows whether it was applied or still will
    /// be.</summary>
    public void LeftOpen(long sequence) => _unknown = Math.Max(_unknown, sequence);

    /// <summary>Whether it is known of all commands before this one that they were applied or never
    /// will be: then this one is the next.</summary>
    public bool IsNext(long sequence) => PlaceOf(sequence) == 0 && _unknown <= _shown;

    /// <summary>The highest sequence below this one that was not given up, or that an answer has
    /// shown.</summary>
    public long PreviousOf(long sequence)
    {
        long open = Before(sequence)?.Sequence ?? 0;
        return Math.Max(open, Math.Min(_shown, sequence - 1));
    }

    /// <summary>All up to here have ended: nobody will ask for their results.</summary>
    public long Acknowledged(long sequence) => Math.Min(sequence, _open[0].Sequence) - 1;

    private int PlaceOf(long sequence)
    {
        int low = 0;
        int high = _open.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_open[middle].Sequence < sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
