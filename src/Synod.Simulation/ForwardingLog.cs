using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A log that is another one, but for what is overridden.</summary>
internal abstract class ForwardingLog(ILog log) : ILog
{
    public LogPosition Base => log.Base;

    public LogPosition Appended => log.Appended;

    public virtual LogPosition Durable => log.Durable;

    public LogException? Poison => log.Poison;

    public StoragePressure Pressure => log.Pressure;

    public LogStatus Status => log.Status;

    public int RecordBytesMax => log.RecordBytesMax;

    public int StatementBytesMax => log.StatementBytesMax;

    public IReadOnlyList<LogDamage> Damage => log.Damage;

    public TimeSpan PollWithin => log.PollWithin;

    public virtual void Replay(ILogVisitor visitor) => log.Replay(visitor);

    public virtual LogPosition Append(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command) =>
        log.Append(header, record, command);

    public ReadOnlySpan<byte> Read(LogPosition position) => log.Read(position);

    public bool TryRead(LogPosition position, out ReadOnlySpan<byte> body) =>
        log.TryRead(position, out body);

    public void Load(LogLoad load) => log.Load(load);

    public bool TryTakeLoaded([NotNullWhen(true)] out LogLoad? load) =>
        log.TryTakeLoaded(out load);

    public void Show(LogPosition position, ILogVisitor visitor) => log.Show(position, visitor);

    public virtual void Flush() => log.Flush();

    public void Poll() => log.Poll();

    public virtual void Release(in LogFloor floor) => log.Release(floor);

    public void Dispose() => log.Dispose();
}
