using Synod.Abstractions;
using Synod.Storage;

namespace Synod.Simulation;

/// <summary>The log of a node in memory, whose flushes take their time, one after the other, as on
/// a disk.</summary>
internal sealed class LabLog : ForwardingLog
{
    private readonly Schedule _schedule;
    private readonly TimeSpan _flushTime;
    private readonly Action _wake;
    private LogPosition _asked;
    private LogPosition _flushed;
    private bool _isFlushing;

    public LabLog(LabWorld world, Action wake)
        : base(new MemoryLog(new MemoryLogOptions(), static () => { }))
    {
        _schedule = world.Schedule;
        _flushTime = world.Options.FlushTime;
        _wake = wake;
        _flushed = base.Durable;
    }

    public override LogPosition Durable =>
        _flushed < base.Durable ? _flushed : base.Durable;

    public override void Flush()
    {
        base.Flush();
        _asked = Appended;
        if (!_isFlushing && _asked > _flushed)
            Begin();
    }

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
