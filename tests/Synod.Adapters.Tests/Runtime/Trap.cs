using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Stands between a shard and its ports, counts the calls that change something, and ends
/// one of them by an exception, before or after it was performed.</summary>
internal sealed class Trap
{
    private const int LifeOffset = 30;
    private const int ResponseKindOffset = 10 + sizeof(ulong);

    private int _at = -1;
    private int _again = -1;
    private bool _isAfter;

    /// <summary>How many calls there were.</summary>
    public int Calls { get; private set; }

    /// <summary>The life in the newest frame of a kernel, by group.</summary>
    public Dictionary<ulong, uint> Lives { get; } = [];

    /// <summary>What was told to clients, and whether so that it overtakes nothing.</summary>
    public List<(ConnectionId Client, ResponseKind Kind, bool IsInOrder)> Replies { get; } = [];

    /// <summary>How many requests were answered that they may have happened.</summary>
    public int Unknown { get; private set; }

    /// <summary>Ends the call after so many others, and one more after so many again.</summary>
    public void Set(int after, bool isAfter, int again = -1)
    {
        _at = Calls + after;
        _again = again;
        _isAfter = isAfter;
    }

    public void Clear() => _at = _again = -1;

    public ILog Between(ILog log) => new TrappedLog(log, this);

    public ITransport Between(ITransport transport) => new TrappedTransport(transport, this);

    private void Before() => Spring(isAfter: false);

    private void After()
    {
        Spring(isAfter: true);
        Calls++;
    }

    private void Spring(bool isAfter)
    {
        if (_at != Calls || _isAfter != isAfter)
            return;

        Calls++;
        _at = _again < 0 ? -1 : Calls + _again;
        _again = -1;
        throw new SprungException();
    }

    private void Note(ReadOnlySpan<byte> frame)
    {
        const byte KernelFrame = 1;
        if (frame[1] == KernelFrame)
        {
            Lives[BinaryPrimitives.ReadUInt64LittleEndian(frame[2..])] =
                BinaryPrimitives.ReadUInt32LittleEndian(frame[LifeOffset..]);
        }
    }

    /// <summary>What a trapped call ends with.</summary>
    internal sealed class SprungException : Exception;

    private sealed class TrappedLog(ILog log, Trap trap) : ILog
    {
        public StoragePressure Pressure => log.Pressure;

        public LogStatus Status => log.Status;

        public int RecordBytesMax => log.RecordBytesMax;

        public int StatementBytesMax => log.StatementBytesMax;

        public IReadOnlyList<LogDamage> Damage => log.Damage;

        public LogPosition Appended => log.Appended;

        public LogPosition Durable => log.Durable;

        public LogException? Poison => log.Poison;

        public LogPosition Base => log.Base;

        public TimeSpan PollWithin => log.PollWithin;

        public void Replay(ILogVisitor visitor) => log.Replay(visitor);

        public LogPosition Append(
            in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command)
        {
            trap.Before();
            LogPosition position = log.Append(header, record, command);
            trap.After();
            return position;
        }

        public ReadOnlySpan<byte> Read(LogPosition position)
        {
            trap.Before();
            trap.After();
            return log.Read(position);
        }

        public void Show(LogPosition position, ILogVisitor visitor)
        {
            trap.Before();
            log.Show(position, visitor);
            trap.After();
        }

        public bool TryRead(LogPosition position, out ReadOnlySpan<byte> body)
        {
            trap.Before();
            trap.After();
            return log.TryRead(position, out body);
        }

        public void Load(LogLoad load) => log.Load(load);

        public bool TryTakeLoaded([NotNullWhen(true)] out LogLoad? load) =>
            log.TryTakeLoaded(out load);

        public void Release(in LogFloor floor)
        {
            trap.Before();
            log.Release(floor);
            trap.After();
        }

        // While all is durable nothing happens here.
        public void Flush()
        {
            bool isIdle = log.Appended == log.Durable;
            if (!isIdle)
                trap.Before();
            log.Flush();
            if (!isIdle)
                trap.After();
        }

        public void Poll()
        {
            bool isIdle = log.Appended == log.Durable;
            if (!isIdle)
                trap.Before();
            log.Poll();
            if (!isIdle)
                trap.After();
        }

        public void Dispose() => log.Dispose();
    }

    private sealed class TrappedTransport(ITransport transport, Trap trap) : ITransport
    {
        private bool _isIdle = true;

        public int FrameBytesMax => transport.FrameBytesMax;

        public void Send(NodeId peer, ReadOnlySpan<byte> frame)
        {
            trap.Before();
            trap.Note(frame);
            _isIdle = false;
            transport.Send(peer, frame);
            trap.After();
        }

        public void Reply(ConnectionId client, GroupId group, ReadOnlySpan<byte> frame)
        {
            int replies = trap.Replies.Count;
            Reply(client, frame);
            trap.Replies[replies] = trap.Replies[replies] with { IsInOrder = true };
        }

        public void Reply(ConnectionId client, ReadOnlySpan<byte> frame)
        {
            trap.Before();
            trap.Replies.Add((client, (ResponseKind)frame[ResponseKindOffset], false));
            _isIdle = false;
            if (frame[ResponseKindOffset] == (byte)ResponseKind.Unknown)
                trap.Unknown++;
            transport.Reply(client, frame);
            trap.After();
        }

        public void Flush()
        {
            bool wasIdle = _isIdle;
            if (!wasIdle)
                trap.Before();
            _isIdle = true;
            transport.Flush();
            if (!wasIdle)
                trap.After();
        }
    }
}
