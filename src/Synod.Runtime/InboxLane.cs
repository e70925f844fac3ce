using System.Buffers;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What came in from others of one kind, in the order in which it did. Two sides: one is
/// filled while the other is worked off.</summary>
internal sealed class InboxLane
{
    private const int InputBytes = 64;

    private Side _filled = new();
    private TaskCompletionSource? _room;

    /// <summary>The side that was taken last.</summary>
    public Side Taken { get; private set; } = new();

    /// <summary>Whether nothing waits to be taken.</summary>
    public bool IsEmpty => _filled.Inputs.Count == 0;

    /// <summary>What waits to be taken, the news themselves included: empty frames count.</summary>
    public long Weight => _filled.Weight;

    /// <summary>Complete when there is room again.</summary>
    public Task Room() => (_room ??= new TaskCompletionSource(
        TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Add(in ShardInput input, in ReadOnlySequence<byte> frame) =>
        _filled.Add(input, frame);

    /// <summary>Takes what has come in. False if what was taken before is not read yet.</summary>
    public bool TryTake()
    {
        if (!Taken.IsRead)
            return false;

        (_filled, Taken) = (Taken, _filled);
        _filled.Clear();
        _room?.SetResult();
        _room = null;
        return true;
    }

    /// <summary>Gives back the memory of the sides in which there is nothing.</summary>
    public void Trim()
    {
        if (Taken.IsRead)
            Taken = new Side();
        if (IsEmpty)
            _filled = new Side();
    }

    /// <summary>One side of it.</summary>
    internal sealed class Side
    {
        private int _read;

        public List<ShardInput> Inputs { get; } = [];

        public FrameBuffer Bytes { get; } = new(64 << 10);

        public long Weight => Bytes.Length + ((long)Inputs.Count * InputBytes);

        /// <summary>Whether all of it was read.</summary>
        public bool IsRead => _read == Inputs.Count;

        public void Add(in ShardInput input, in ReadOnlySequence<byte> frame)
        {
            int start = Bytes.Length;
            int length = checked((int)frame.Length);
            frame.CopyTo(Bytes.Reserve(length));
            Inputs.Add(input with { Start = start, Length = length });
        }

        /// <summary>The next piece of news that was not read. It counts as read from here on,
        /// whatever becomes of it.</summary>
        public bool TryRead(out ShardInput input)
        {
            bool isThere = _read < Inputs.Count;
            input = isThere ? Inputs[_read++] : default;
            return isThere;
        }

        public ReadOnlySpan<byte> BytesOf(in ShardInput input) =>
            Bytes.Written.Slice(input.Start, input.Length);

        public void Clear()
        {
            _read = 0;
            Inputs.Clear();
            Bytes.Clear();
        }
    }
}
