using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Simulation;

/// <summary>The log of a node in memory, whose flushes take their time, one after the other, as on
/// a disk.</summary>
internal sealed class LabLog : ILog
{
    private readonly MemoryLog _log;
    private readonly Schedule _schedule;
    private readonly TimeSpan _flushTime;
    private readonly Action _wake;
    private LogPosition _asked;
    private LogPosition _flushed;
    private bool _isFlushing;

    public LabLog(LabWorld world, Action wake)
    {
        _schedule = world.Schedule;
        _flushTime = world.Options.FlushTime;
        _wake = wake;
        _log = new MemoryLog(new MemoryLogOptions(), static () => { });
        _flushed = _log.Durable;
    }

    public LogPosition Durable => _flushed < _log.Durable ? _flushed : _log.Durable;

    public StoragePressure Pressure => _log.Pressure;

    public LogStatus Status => _log.Status;

    public int RecordBytesMax => _log.RecordBytesMax;

    public int StatementBytesMax => _log.StatementBytesMax;

    public IReadOnlyList<LogDamage> Damage => _log.Damage;

    public LogPosition Base => _log.Base;

    public LogPosition Appended => _log.Appended;

    public LogException? Poison => _log.Poison;

    public TimeSpan PollWithin => ((ILog)_log).PollWithin;

    public void Flush()
    {
        _log.Flush();
        _asked = _log.Appended;
        if (!_isFlushing && _asked > _flushed)
            Begin();
    }

    public void Poll() => _log.Poll();

    public void Replay(ILogVisitor visitor) => _log.Replay(visitor);

    public LogPosition Append(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command) =>
        _log.Append(header, record, command);

    public ReadOnlySpan<byte> Read(LogPosition position) => _log.Read(position);

    public bool TryRead(LogPosition position, out ReadOnlySpan<byte> body) =>
        ((ILog)_log).TryRead(position, out body);

    public void Load(LogLoad load) => ((ILog)_log).Load(load);

    public bool TryTakeLoaded([NotNullWhen(true)] out LogLoad? load) =>
        ((ILog)_log).TryTakeLoaded(out load);

    public void Show(LogPosition position, ILogVisitor visitor) => _log.Show(position, visitor);

    public void Release(in LogFloor floor) => _log.Release(floor);

    public void Dispose() => _log.Dispose();

    // What is appended meanwhile is for the next flush.
    private void Begin()
    {
        LogPosition through = _asked;
        _isFlushing = true;
        _schedule.After(_flushTime, () =>
        {
            _flushed = through;
            _isFlushing = false;
            if (_asked > through)
                Begin();
            _wake();
        });
    }
}
