using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The log of a node, watched: the process may end before each append and flush, and what
/// it shows at opening is compared with what the disk held for certain.</summary>
internal sealed class AuditedLog(ILog log, SimulatedNode node, Trace trace)
    : ForwardingLog(log)
{
    private readonly Dictionary<(GroupId, RecordNumber), LogPosition> _positions = [];

    public override void Replay(ILogVisitor visitor)
    {
        node.Disk.Image.BeginReplay();
        if (Damage.Count > 0 && !node.Disk.IsDamaged)
        {
            throw new SimulationViolationException(
                $"{node.Id}: the log is damaged, it says, and nothing is: {Damage[0]}");
        }

        bool isHurt = Damage.Any(static damage => damage.LostMax > 0);
        if (isHurt)
            node.Audit.Damaged();
        base.Replay(new Tee(this, visitor, isHurt));
        if (!node.Disk.Image.EndReplay())
            throw new DiskLostException();

        node.Disk.Image.Survey(node.Disk);
    }

    public override LogPosition Append(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command)
    {
        node.Switch.Pass();
        LogPosition position = base.Append(header, record, command);
        _positions[(header.Group, header.Number)] = position;
        string text = trace.HasWords ? node.Audit.Describe(header, record) : "";
        trace.Note(TraceKind.Appended, (node.Id, default), (header.Number.Number, text), record);
        return position;
    }

    public override void Release(in LogFloor floor)
    {
        node.Switch.Pass();
        node.Disk.Image.MayGo(floor.Group, floor.Number);
        base.Release(floor);
    }

    public override void Flush()
    {
        node.Switch.Pass();
        node.Audit.TurnEnds();
        base.Flush();
    }

    /// <summary>The bytes of a payload that is logged, if the disk gives them back.</summary>
    public bool TryRead(GroupId group, Payload payload, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        try
        {
            bytes = Read(_positions[(group, payload.Record)])
                .Slice(payload.Offset, payload.Length);
            return true;
        }
        catch (LogException)
        {
            return false;
        }
    }

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
            log.Audit.Released();
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
