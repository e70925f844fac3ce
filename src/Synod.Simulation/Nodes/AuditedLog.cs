using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The log of a node, watched: the process may end before each append and flush, and what
/// it shows at opening is compared with what the disk held for certain.</summary>
internal sealed class AuditedLog(ILog log, SimulatedNode node, Trace trace) : ILog
{
    private readonly Dictionary<(GroupId, RecordNumber), LogPosition> _positions = [];

    public StoragePressure Pressure => log.Pressure;

    public LogStatus Status => log.Status;

    public int RecordBytesMax => log.RecordBytesMax;

    public int StatementBytesMax => log.StatementBytesMax;

    public IReadOnlyList<LogDamage> Damage => log.Damage;

    public LogPosition Appended => log.Appended;

    public LogPosition Durable => log.Durable;

    public LogException? Poison => log.Poison;

    public void Replay(ILogVisitor visitor)
    {
        node.Disk.Image.BeginReplay();
        if (log.Damage.Count > 0 && !node.Disk.IsDamaged)
        {
            throw new SimulationViolationException(
                $"{node.Id}: the log is damaged, it says, and nothing is: {log.Damage[0]}");
        }

        bool isHurt = log.Damage.Any(static damage => damage.LostMax > 0);
        if (isHurt)
            node.Audit.Damaged();
        log.Replay(new Tee(this, visitor, isHurt));
        if (!node.Disk.Image.EndReplay())
            throw new DiskLostException();

        node.Disk.Image.Survey(node.Disk);
    }

    public LogPosition Append(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command)
    {
        node.Switch.Pass();
        LogPosition position = log.Append(header, record, command);
        _positions[(header.Group, header.Number)] = position;
        string text = trace.HasWords ? node.Audit.Describe(header, record) : "";
        trace.Note(TraceKind.Appended, (node.Id, default), (header.Number.Number, text), record);
        return position;
    }

    public ReadOnlySpan<byte> Read(LogPosition position) => log.Read(position);

    public void Show(LogPosition position, ILogVisitor visitor) => log.Show(position, visitor);

    public LogPosition Base => log.Base;

    public TimeSpan PollWithin => log.PollWithin;

    public bool TryRead(LogPosition position, out ReadOnlySpan<byte> body) =>
        log.TryRead(position, out body);

    public void Load(LogLoad load) => log.Load(load);

    public bool TryTakeLoaded([NotNullWhen(true)] out LogLoad? load) =>
        log.TryTakeLoaded(out load);

    public void Release(in LogFloor floor)
    {
        node.Switch.Pass();
        node.Disk.Image.MayGo(floor.Group, floor.Number);
        log.Release(floor);
    }

    public void Flush()
    {
        node.Switch.Pass();
        node.Audit.TurnEnds();
        log.Flush();
    }

    public void Poll() => log.Poll();

    public void Dispose() => log.Dispose();

    /// <summary>The bytes of a payload that is logged.</summary>
    public ReadOnlySpan<byte> Read(GroupId group, Payload payload) =>
        log.Read(_positions[(group, payload.Record)]).Slice(payload.Offset, payload.Length);

    private sealed class Tee(AuditedLog log, ILogVisitor visitor, bool isHurt) : ILogVisitor
    {
        private readonly DurableImage _image = log.Image;

        public void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
        {
            if (isHurt)
                log.Audit.Left(header, body);
            _image.Replayed(header, body, isHurt);
            log._positions[(header.Group, header.Number)] = position;
            visitor.Visit(header, position, body);
        }

        public void Released(in LogFloor floor)
        {
            _image.Released(floor);
            visitor.Released(floor);
        }

        public void Lost(in LostRecords lost)
        {
            _image.Lost(lost);
            log.Audit.Lacks(lost);
            visitor.Lost(lost);
        }
    }

    private NodeWatch Audit => node.Audit;

    private DurableImage Image => node.Disk.Image;
}
