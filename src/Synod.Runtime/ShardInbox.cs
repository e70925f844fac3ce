using System.Buffers;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Where the network leaves what it received, until the next turn of the shard. Two sides:
/// one is filled while the other is worked off. Bounded in bytes: beyond, readers wait. Safe for
/// use from any thread.</summary>
public sealed class ShardInbox : ITransportSink
{
    private const int InputBytes = 64;

    private readonly Lock _gate = new();
    private readonly int _bytesMax;
    private readonly Action _signal;
    private Side _filled = new();
    private Side _spare = new();
    private TaskCompletionSource? _room;

    /// <summary>An empty inbox.</summary>
    /// <param name="bytesMax">The bytes from which on readers wait.</param>
    /// <param name="signal">Called, by any thread, when the inbox is no longer empty.</param>
    public ShardInbox(int bytesMax, Action signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1);
        _bytesMax = bytesMax;
        _signal = signal;
    }

    /// <summary>Whether there is nothing to work off.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _filled.Inputs.Count == 0;
        }
    }

    /// <summary>The bytes that wait for the next turn.</summary>
    public long WaitingBytes
    {
        get
        {
            lock (_gate)
                return _filled.Weight;
        }
    }

    /// <inheritdoc/>
    public void PeerUp(PeerIdentity peer, TimeSpan roundTrip) =>
        Post(new ShardInput(ShardInputKind.PeerUp, peer, default, 0, 0), default);

    /// <inheritdoc/>
    public void PeerDown(NodeId peer)
    {
        PeerIdentity identity = new(new MemberIdentity(peer, default), default);
        Post(new ShardInput(ShardInputKind.PeerDown, identity, default, 0, 0), default);
    }

    /// <inheritdoc/>
    public ValueTask PeerFrame(PeerIdentity from, in ReadOnlySequence<byte> frame) =>
        new(Post(new ShardInput(ShardInputKind.PeerFrame, from, default, 0, 0), frame));

    /// <inheritdoc/>
    public ValueTask ClientFrame(ConnectionId from, in ReadOnlySequence<byte> frame) =>
        new(Post(new ShardInput(ShardInputKind.ClientFrame, default, from, 0, 0), frame));

    /// <inheritdoc/>
    public void ClientGone(ConnectionId client) =>
        Post(new ShardInput(ShardInputKind.ClientGone, default, client, 0, 0), default);

    /// <summary>The side that was taken last.</summary>
    internal Side Taken => _spare;

    /// <summary>Takes what has come in; the side that was taken before must have been read.
    /// </summary>
    internal Side Take()
    {
        lock (_gate)
        {
            (_filled, _spare) = (_spare, _filled);
            _filled.Clear();
            _room?.SetResult();
            _room = null;
            return _spare;
        }
    }

    /// <summary>Gives back the memory of both sides, where nothing is in it; the side that was
    /// taken must have been read.</summary>
    internal void Trim()
    {
        lock (_gate)
        {
            _spare = new Side();
            if (_filled.Inputs.Count == 0)
                _filled = new Side();
        }
    }

    private Task Post(in ShardInput input, in ReadOnlySequence<byte> frame)
    {
        bool wasEmpty;
        Task? room = null;
        lock (_gate)
        {
            wasEmpty = _filled.Inputs.Count == 0;
            _filled.Add(input, frame);
            if (_filled.Weight >= _bytesMax)
            {
                _room ??= new TaskCompletionSource(
                    TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }
        }

        if (wasEmpty)
            _signal();
        return room ?? Task.CompletedTask;
    }

    /// <summary>One side of the inbox.</summary>
    internal sealed class Side
    {
        private int _read;

        public List<ShardInput> Inputs { get; } = [];

        public FrameBuffer Bytes { get; } = new(64 << 10);

        /// <summary>What is held here, the news themselves included: empty frames count.</summary>
        public long Weight => Bytes.Length + ((long)Inputs.Count * InputBytes);

        public void Add(in ShardInput input, in ReadOnlySequence<byte> frame)
        {
            int start = Bytes.Length;
            int length = checked((int)frame.Length);
            frame.CopyTo(Bytes.Reserve(length));
            Inputs.Add(input with { Start = start, Length = length });
        }

        /// <summary>Whether all of it was read.</summary>
        public bool IsRead => _read == Inputs.Count;

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
