using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>Shows the records of a damaged log: those of each replica in the order of their
/// numbers, copies in the place of statements that are lost, and the gaps (safety §7).</summary>
/// <remarks>
/// A gap between two records that are left is exact. Behind the last one nobody can tell whether
/// anything was lost, but not more than is missing in the damaged ranges behind it.
/// A copy is made of the newest statement there is, so nothing that is newer was written before the
/// end of the copy's frame; unless it is marked as doubtful, because the newest may be lost.
/// </remarks>
internal sealed class LogSplicer(LogScan scan, ILogVisitor visitor)
{
    private readonly SortedDictionary<ulong, Track> _tracks = [];
    private readonly Dictionary<(ulong Group, long Number), byte[]> _copies = [];

    /// <summary>Shows a record as it is.</summary>
    public static void Show(
        ILogVisitor visitor, ReadOnlySpan<byte> record, LogPosition position) => visitor.Visit(
            RecordFormat.ReadHeader(record), position, record[RecordFormat.HeaderBytes..]);

    /// <summary>Shows where the records of each group begin that has released older ones, and its
    /// newest statements from before.</summary>
    public void Begin()
    {
        ILookup<GroupId, StatementTable.Statement> statements = scan.Statements.All
            .OrderBy(static statement => statement.Header.Number.Number)
            .ToLookup(static statement => statement.Header.Group);
        foreach (LogFloor floor in scan.Floors.All)
        {
            Track track = TrackOf(floor.Group);
            track.Begin = floor.Number;
            track.Shown = track.Number = floor.Number.Number - 1;
            track.Position = floor.Position.Bytes;
            visitor.Released(floor);
            foreach (StatementTable.Statement statement in statements[floor.Group])
            {
                if (statement.Header.Number < floor.Number)
                    visitor.Visit(statement.Header, statement.Position, statement.Body);
            }

            // The numbers before the floor are gone, and with them the gap in which a newer
            // statement may have been: it is told as a gap of no records (safety §7).
            bool hides = track.VouchedTo < floor.Position.Bytes
                && IsHidden(track.VouchedTo, floor.Position.Bytes);
            if (hides)
            {
                visitor.Lost(new LostRecords(
                    floor.Group, floor.Number, new RecordNumber(track.Shown), hides));
            }
        }
    }

    /// <summary>Notes the statements and their copies, before anything is shown.</summary>
    public void Gather(ReadOnlySpan<byte> record, LogPosition position)
    {
        if (RecordFormat.IsFloor(record))
            return;

        RecordHeader header = RecordFormat.ReadHeader(record);
        Track track = TrackOf(header.Group);
        bool isCopy = RecordFormat.IsCopy(record);
        bool vouches = header.Owner == RecordOwner.Kernel && !RecordFormat.IsDoubtful(record);
        if (header.IsStatement && vouches)
            track.VouchedTo = isCopy ? EndOfSector(position, record.Length) : position.Bytes;
        if (!isCopy)
            return;

        // The first copy, as the table of statements has it: by that place the log finds the
        // statement when the segment of the copy is released.
        if (track.Copies.TryAdd(header.Number.Number, position))
            _copies.Add((header.Group.Number, header.Number.Number), record.ToArray());
    }

    /// <summary>Shows the next record, and before it what of its replica was lost.</summary>
    public void Take(ReadOnlySpan<byte> record, LogPosition position)
    {
        if (RecordFormat.IsCopy(record))
            return;

        RecordHeader header = RecordFormat.ReadHeader(record);
        Track track = TrackOf(header.Group);
        if (header.Number < track.Begin)
            return;

        bool hides = track.VouchedTo < position.Bytes
            && IsHidden(Math.Max(track.Position, track.VouchedTo), position.Bytes);
        Fill(header.Group, track, header.Number.Number - 1, hides);
        Show(visitor, record, position);
        track.Shown = header.Number.Number;
        track.Position = position.Bytes;
        track.Number = track.Shown;
    }

    /// <summary>Tells what may be lost behind the last record of each replica.</summary>
    public void End()
    {
        foreach ((ulong group, Track track) in _tracks)
        {
            long most = track.Number;
            foreach (LogDamage damage in scan.Damage)
                most += damage.To.Bytes > track.Position ? damage.LostMax : 0;
            if (track.Copies.Count > 0)
                most = Math.Max(most, track.Copies.Keys[^1]);
            bool hides = IsHidden(Math.Max(track.Position, track.VouchedTo), long.MaxValue);
            Fill(new GroupId(group), track, most, hides);
        }
    }

    private void Fill(GroupId group, Track track, long through, bool hides)
    {
        foreach ((long number, LogPosition position) in track.Copies)
        {
            if (number <= track.Shown || number > through)
                continue;

            Lose(group, track, number - 1, hides);
            Show(visitor, _copies[(group.Number, number)], position);
            track.Shown = number;
        }

        Lose(group, track, through, hides);
    }

    private void Lose(GroupId group, Track track, long through, bool hides)
    {
        if (through <= track.Shown)
            return;

        visitor.Lost(new LostRecords(
            group, new RecordNumber(track.Shown + 1), new RecordNumber(through), hides));
        track.Shown = through;
    }

    private bool IsHidden(long from, long to)
    {
        foreach (LogDamage damage in scan.Damage)
        {
            if (damage.StatementsMax > 0 && damage.To.Bytes > from && damage.From.Bytes < to)
                return true;
        }

        return false;
    }

    private static long EndOfSector(LogPosition position, int length) =>
        Sector.RoundDown(position.Bytes + length + Sector.Bytes - 1);

    private Track TrackOf(GroupId group)
    {
        if (!_tracks.TryGetValue(group.Number, out Track? track))
            _tracks.Add(group.Number, track = new Track());
        return track;
    }

    /// <summary>What is known of one replica.</summary>
    private sealed class Track
    {
        /// <summary>Its first record that is not released.</summary>
        public RecordNumber Begin { get; set; }

        /// <summary>Where the copies are, by the number of their statement.</summary>
        public SortedList<long, LogPosition> Copies { get; } = [];

        /// <summary>No statement newer than all that are left was written before this
        /// place.</summary>
        public long VouchedTo { get; set; }

        /// <summary>The newest number that was shown or told to be lost.</summary>
        public long Shown { get; set; }

        /// <summary>The newest record that was shown from its own place, and that place.</summary>
        public long Number { get; set; }

        public long Position { get; set; }
    }
}
