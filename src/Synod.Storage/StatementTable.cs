using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>The newest statement of every group, epoch and owner, to be copied: behind the records
/// of its frame, and at the begin of every segment and opening.</summary>
internal sealed class StatementTable
{
    // The first of each group, which has few.
    private readonly Dictionary<GroupId, Statement> _newest = [];
    private readonly List<Statement> _fresh = [];

    /// <summary>All of them, group by group.</summary>
    public IEnumerable<Statement> All
    {
        get
        {
            foreach (Statement first in _newest.Values)
            {
                for (Statement? each = first; each is not null; each = each.Next)
                    yield return each;
            }
        }
    }

    /// <summary>Those that came since <see cref="Copied"/>.</summary>
    public IReadOnlyList<Statement> Fresh => _fresh;

    /// <summary>A statement was appended.</summary>
    public void Add(
        in RecordHeader header,
        LogPosition position,
        ReadOnlySpan<byte> record,
        ReadOnlySpan<byte> command)
    {
        Statement statement = Keep(header, position, record, command);
        if (!_fresh.Contains(statement))
            _fresh.Add(statement);
    }

    /// <summary>A statement was found in the log, or a copy of one. Says whether it is newer than
    /// those before.</summary>
    public bool Found(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
    {
        bool isNewer = Find(header) is not Statement known
            || known.Header.Number < header.Number;
        if (isNewer)
            Keep(header, position, body, default);
        return isNewer;
    }

    /// <summary>The statement that is known by a place, if it is still the newest of its kind.
    /// Not for the hot path.</summary>
    public bool TryFind(LogPosition position, [NotNullWhen(true)] out Statement? statement)
    {
        foreach (Statement known in All)
        {
            if (known.Position != position)
                continue;

            statement = known;
            return true;
        }

        statement = null;
        return false;
    }

    /// <summary>A newer statement of the group's protocol may be lost: until it makes one, a copy
    /// of what is left does not say that it is the newest.</summary>
    public void Doubt(GroupId group)
    {
        Statement? each = _newest.GetValueOrDefault(group);
        for (; each is not null; each = each.Next)
            each.IsDoubtful |= each.Header.Owner == RecordOwner.Kernel;
    }

    /// <summary>The fresh ones are copied in their frame.</summary>
    public void Copied() => _fresh.Clear();

    private Statement Keep(
        in RecordHeader header,
        LogPosition position,
        ReadOnlySpan<byte> record,
        ReadOnlySpan<byte> command)
    {
        Statement statement = Find(header) ?? Begin(header.Group);
        statement.Set(header, position, record, command);
        return statement;
    }

    private Statement? Find(in RecordHeader header)
    {
        Statement? each = _newest.GetValueOrDefault(header.Group);
        while (each is not null && !each.IsOfSameKind(header))
            each = each.Next;
        return each;
    }

    private Statement Begin(GroupId group)
    {
        Statement statement = new() { Next = _newest.GetValueOrDefault(group) };
        _newest[group] = statement;
        return statement;
    }

    /// <summary>One of them.</summary>
    internal sealed class Statement
    {
        private byte[] _body = [];
        private int _length;

        public RecordHeader Header { get; private set; }

        /// <summary>Another one of the group; null if this is the last.</summary>
        public Statement? Next { get; init; }

        /// <summary>Where it, or the copy that was found of it, is or was.</summary>
        public LogPosition Position { get; private set; }

        /// <summary>Whether there may have been a newer one.</summary>
        public bool IsDoubtful { get; set; }

        public ReadOnlySpan<byte> Body => _body.AsSpan(0, _length);

        public bool IsOfSameKind(in RecordHeader header) =>
            Header.Owner == header.Owner && Header.Epoch == header.Epoch;

        public void Set(
            in RecordHeader header,
            LogPosition position,
            ReadOnlySpan<byte> record,
            ReadOnlySpan<byte> command)
        {
            Header = header;
            Position = position;
            IsDoubtful = false;
            _length = record.Length + command.Length;
            if (_body.Length < _length)
                _body = new byte[_length];
            record.CopyTo(_body);
            command.CopyTo(_body.AsSpan(record.Length));
        }
    }
}
