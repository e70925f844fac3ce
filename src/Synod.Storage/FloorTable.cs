using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>Where in the log each group begins that still needs it: at its floor, or at its first
/// record if it has released nothing.</summary>
internal sealed class FloorTable
{
    private readonly Dictionary<ulong, LogPosition> _begins = [];
    private readonly SortedDictionary<ulong, LogFloor> _floors = [];
    private readonly SortedDictionary<ulong, LogFloor> _fresh = [];
    private ulong? _last;

    /// <summary>All floors that were named, in the order of the groups.</summary>
    public IReadOnlyCollection<LogFloor> All => _floors.Values;

    /// <summary>Those that came since <see cref="Written"/>, of each group the newest: however
    /// long one group holds up the release, they are no more than there are groups.</summary>
    public IReadOnlyCollection<LogFloor> Fresh => _fresh.Values;

    /// <summary>A record of the group is here.</summary>
    public void Note(GroupId group, LogPosition position)
    {
        // Nearly always it is the group of the record before.
        if (_last == group.Number)
            return;

        _last = group.Number;
        _begins.TryAdd(group.Number, position);
    }

    /// <summary>A group needs nothing before its floor any more. False if that is nothing
    /// new.</summary>
    public bool Raise(in LogFloor floor)
    {
        if (!Found(floor))
            return false;

        _fresh[floor.Group.Number] = floor;
        return true;
    }

    /// <summary>A floor was found in the log. False if it is not the highest of its
    /// group.</summary>
    public bool Found(in LogFloor floor)
    {
        ulong group = floor.Group.Number;
        if (_floors.TryGetValue(group, out LogFloor known) && known.Number >= floor.Number)
            return false;

        _floors[group] = floor;
        _begins[group] = floor.Position;
        return true;
    }

    /// <summary>The fresh ones are in the log.</summary>
    public void Written() => _fresh.Clear();

    /// <summary>Where the records of a group begin that it needs.</summary>
    public bool TryFind(GroupId group, [NotNullWhen(true)] out LogPosition? begin)
    {
        bool isKnown = _begins.TryGetValue(group.Number, out LogPosition known);
        begin = isKnown ? known : null;
        return isKnown;
    }

    /// <summary>Nobody needs anything before this.</summary>
    public LogPosition Lowest()
    {
        LogPosition lowest = new(long.MaxValue);
        foreach (LogPosition begin in _begins.Values)
            lowest = begin < lowest ? begin : lowest;
        return lowest;
    }

    /// <summary>A floor as the body of a record of the log itself.</summary>
    public static void Write(in LogFloor floor, Span<byte> body) =>
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(body, floor.Position.Bytes);

    /// <summary>Reads it back.</summary>
    public static LogFloor Read(in RecordHeader header, ReadOnlySpan<byte> body) => new(
        header.Group,
        header.Number,
        new LogPosition(System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(body)));
}
