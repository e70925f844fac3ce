using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Processes.Tests;

/// <summary>A log in memory whose disk fails when it is told.</summary>
internal sealed class PoisonableLog(Action wake) : ILog
{
    private readonly MemoryLog _log = new(new MemoryLogOptions(), wake);
    private volatile LogException? _poison;

    public StoragePressure Pressure => _log.Pressure;

    public LogStatus Status => _log.Status;

    public int RecordBytesMax => _log.RecordBytesMax;

    public int StatementBytesMax => _log.StatementBytesMax;

    public LogPosition Appended => _log.Appended;

    public LogPosition Durable => _log.Durable;

    public LogException? Poison => _poison;

    public IReadOnlyList<LogDamage> Damage => _log.Damage;

    /// <summary>By any thread.</summary>
    public void Fail(string why)
    {
        _poison = new LogException(why);
        wake();
    }

    public void Replay(ILogVisitor visitor) => _log.Replay(visitor);

    public LogPosition Append(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command) =>
        _poison is null ? _log.Append(header, record, command) : throw _poison;

    public ReadOnlySpan<byte> Read(LogPosition position) => _log.Read(position);

    public void Show(LogPosition position, ILogVisitor visitor) => _log.Show(position, visitor);

    public void Release(in LogFloor floor) => _log.Release(floor);

    public void Flush() => _log.Flush();

    public void Poll()
    {
        if (_poison is null)
            _log.Poll();
    }

    public void Dispose() => _log.Dispose();
}
