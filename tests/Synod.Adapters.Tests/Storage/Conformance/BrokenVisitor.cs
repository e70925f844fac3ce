using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Adapters.Tests.Storage;

/// <summary>Shows what a log shows, with one bug.</summary>
internal sealed class BrokenVisitor(
    ILogVisitor visitor, LogBug bug, HashSet<(ulong Group, long Number)> statements)
    : ILogVisitor
{
    private const long Third = 3;

    private readonly Dictionary<(GroupId, RecordOwner), byte[]> _newest = [];
    private (RecordHeader Header, LogPosition Position, byte[] Body)? _held;

    public void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
    {
        RecordHeader shown = header;
        if (statements.Contains((header.Group.Number, header.Number.Number)))
            shown = header with { IsStatement = true };
        if (bug == LogBug.ForgetsThatItIsAStatement)
            shown = header with { IsStatement = false };
        if (bug == LogBug.SwapsTwoAtOpening && IsThird(header) && _held is null)
        {
            _held = (shown, position, body.ToArray());
            return;
        }

        if (bug == LogBug.DropsOneAtOpening && IsThird(header))
            return;

        visitor.Visit(shown, position, BodyOf(header, body));
        if (bug == LogBug.ShowsOneTwice && IsThird(header))
            visitor.Visit(shown, position, body);
        if (_held is var (held, place, bytes) && held.Group == header.Group)
        {
            _held = null;
            visitor.Visit(held, place, bytes);
        }
    }

    public void Released(in LogFloor floor) => visitor.Released(floor);

    public void Lost(in LostRecords lost)
    {
        bool hides = bug == LogBug.CallsAllHidden
            || (lost.HidesStatement && bug != LogBug.HidesStatements);
        if (bug != LogBug.LosesSilently)
            visitor.Lost(lost with { HidesStatement = hides });
    }

    private static bool IsThird(in RecordHeader header) => header.Number.Number == Third;

    private ReadOnlySpan<byte> BodyOf(in RecordHeader header, ReadOnlySpan<byte> body)
    {
        if (bug != LogBug.ShowsOldStatement || !header.IsStatement)
            return body;

        bool isKnown = _newest.TryGetValue((header.Group, header.Owner), out byte[]? old);
        _newest[(header.Group, header.Owner)] = body.ToArray();
        return isKnown ? old : body;
    }
}
