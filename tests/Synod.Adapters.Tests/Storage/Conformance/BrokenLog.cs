using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Adapters.Tests.Storage;

/// <summary>A log with one bug.</summary>
internal sealed class BrokenLog(
    ILog log, LogBug bug, bool isTorn, HashSet<(ulong Group, long Number)> statements) : ILog
{
    private readonly Dictionary<LogPosition, LogPosition> _before = [];
    private readonly BrokenLoads _loads = new(log, bug);
    private LogPosition _asked;
    private LogPosition _invented;
    private LogPosition _counted;
    private bool _isPressed;
    private bool _isFlushUnderWay;
    private int _polls;

    public StoragePressure Pressure
    {
        get
        {
            StoragePressure pressure = log.Pressure;
            _isPressed |= pressure != StoragePressure.None;
            return bug switch
            {
                LogBug.SaysNothingOfPressure => StoragePressure.None,
                LogBug.StaysUnderPressure when _isPressed => StoragePressure.High,
                _ => pressure,
            };
        }
    }

    public int RecordBytesMax => log.RecordBytesMax;

    public int StatementBytesMax => log.StatementBytesMax;

    public LogPosition Base => log.Base;

    public LogPosition Appended => _invented > log.Appended ? _invented : log.Appended;

    public LogPosition Durable
    {
        get
        {
            if (bug == LogBug.MovesWithoutPoll)
                log.Poll();
            return SaidToBeDurable;
        }
    }

    private LogPosition SaidToBeDurable => bug switch
    {
        LogBug.DurableWhenAppended => Appended,
        LogBug.DurableWhenFlushIsAsked when _asked > log.Durable && log.Poison is null => _asked,
        LogBug.AcceptsAfterPoison when log.Poison is not null => Appended,
        LogBug.DurableGoesBack when _polls % 5 == 4 => default,
        LogBug.FlushCountsWhatCameMeanwhile when _counted > log.Durable => _counted,
        _ => log.Durable,
    };

    public LogException? Poison => bug switch
    {
        LogBug.AcceptsAfterPoison => null,
        LogBug.ForgetsPoison when _polls % 2 == 0 => null,
        _ => log.Poison,
    };

    public IReadOnlyList<LogDamage> Damage => bug switch
    {
        LogBug.TellsNoDamage => [],
        LogBug.CallsTornTailDamage when isTorn =>
            [new LogDamage(default, default, "a torn tail")],
        _ => log.Damage,
    };

    public void Replay(ILogVisitor visitor) =>
        log.Replay(new BrokenVisitor(visitor, bug, statements));

    public LogPosition Append(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command)
    {
        if (bug == LogBug.AcceptsAfterPoison && log.Poison is not null)
            return _invented = new LogPosition(Appended.Bytes + 64);

        RecordHeader written = header;
        if (bug == LogBug.KeepsStatementsOnce && header.IsStatement)
        {
            statements.Add((header.Group.Number, header.Number.Number));
            written = header with { IsStatement = false };
        }

        if (bug == LogBug.ForgetsSecondPart)
            command = [];
        if (bug == LogBug.CutsLargeRecords && record.Length > RecordBytesMax)
            record = record[..RecordBytesMax];
        LogPosition before = log.Appended;
        LogPosition position = log.Append(written, record, command);
        _before[position] = before;
        return position;
    }

    public ReadOnlySpan<byte> Read(LogPosition position) =>
        bug == LogBug.ReadsAnother && _before.GetValueOrDefault(position).Bytes > 0
            ? log.Read(_before[position])
            : log.Read(position);

    public bool TryRead(LogPosition position, out ReadOnlySpan<byte> body)
    {
        LogPosition before = _before.GetValueOrDefault(position);
        return bug == LogBug.TriesAnother && before.Bytes > 0
            ? log.TryRead(before, out body)
            : log.TryRead(position, out body);
    }

    public TimeSpan PollWithin => bug switch
    {
        LogBug.NeverRests => TimeSpan.Zero,
        LogBug.SaysNotWhenToPoll => Timeout.InfiniteTimeSpan,
        _ => log.PollWithin,
    };

    public void Load(LogLoad load) => _loads.Load(load);

    public bool TryTakeLoaded([NotNullWhen(true)] out LogLoad? load) =>
        _loads.TryTake(out load);

    public void Show(LogPosition position, ILogVisitor visitor) =>
        log.Show(position, new BrokenVisitor(visitor, bug, statements));

    public void Release(in LogFloor floor)
    {
        if (bug == LogBug.ReleasesTooMuch)
            log.Release(new LogFloor(floor.Group, Next(floor.Number), Appended));
        else if (bug != LogBug.ReleasesNothing)
            log.Release(floor);
    }

    private static RecordNumber Next(RecordNumber number) => new(number.Number + 1);

    public void Flush()
    {
        if (bug == LogBug.ForgetsFlushDuringFlush && _isFlushUnderWay)
            return;

        _isFlushUnderWay = log.Appended > log.Durable;
        _asked = log.Appended;
        log.Flush();
    }

    public void Poll()
    {
        _polls++;
        LogPosition before = log.Durable;
        log.Poll();
        if (before == log.Durable)
            return;

        _isFlushUnderWay = false;
        _counted = log.Appended;
    }

    public void Dispose() => log.Dispose();
}
