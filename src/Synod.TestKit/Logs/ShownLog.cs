using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.TestKit;

/// <summary>What a log shows, in order: records, and gaps between them.</summary>
internal sealed class ShownLog : ILogVisitor
{
    private readonly List<Item> _items = [];

    public IReadOnlyList<Item> Items => _items;

    public IEnumerable<Item> Lost => _items.Where(static item => item.Lost is not null);

    public IEnumerable<Item> Of(GroupId group) => _items.Where(item => item.Group == group);

    public void Visit(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body) =>
        _items.Add(new Item(header.Group, null)
        {
            Header = header,
            Position = position,
            Body = body.ToArray(),
        });

    void ILogVisitor.Released(in LogFloor floor) =>
        _items.Add(new Item(floor.Group, null) { Floor = floor });

    void ILogVisitor.Lost(in LostRecords lost) => _items.Add(new Item(lost.Group, lost));

    /// <summary>One of these.</summary>
    internal sealed record Item(GroupId Group, LostRecords? Lost)
    {
        public LogFloor? Floor { get; init; }

        public RecordHeader Header { get; init; }

        public LogPosition Position { get; init; }

        public byte[] Body { get; init; } = [];

        public bool Is(WrittenRecord record) =>
            Lost is null
            && Floor is null
            && Header == record.Header
            && Body.AsSpan().SequenceEqual(record.Body);

        public override string ToString() => (Lost, Floor) switch
        {
            (LostRecords lost, _) => $"lost {lost}",
            (_, LogFloor floor) => $"{floor}",
            _ => $"{Header.Number} of {Group}",
        };
    }
}
