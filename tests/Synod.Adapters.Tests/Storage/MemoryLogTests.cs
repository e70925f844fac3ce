using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public sealed class MemoryLogTests : ILogVisitor, IDisposable
{
    private static readonly MemoryLogOptions Small = new()
    {
        BlockBytes = 4096,
        ReserveBytes = 16 << 10,
        CapacityBytes = 64 << 10,
    };

    private readonly List<string> _shown = [];
    private readonly MemoryLog _log;
    private int _wakes;
    private long _number;

    public MemoryLogTests() => _log = new MemoryLog(Small, () => _wakes++);

    [Fact]
    [Feature("C17")]
    public void What_was_flushed_is_durable_from_the_next_poll_on()
    {
        LogPosition first = Append("a");
        Assert.Equal((default, 0), (_log.Durable, _wakes));

        _log.Flush();
        LogPosition second = Append("b");
        Assert.Equal((default, 1), (_log.Durable, _wakes));
        _log.Poll();
        Assert.Equal(first, _log.Durable);
        _log.Flush();
        _log.Flush();
        _log.Poll();

        Assert.Equal((second, 2), (_log.Durable, _wakes));
        Assert.Equal(second, _log.Appended);
    }

    [Fact]
    public void Records_of_all_sizes_are_read_and_shown_as_they_were_appended()
    {
        string[] bodies =
            ["", "a", new('b', 3900), new('c', _log.RecordBytesMax), "d", new('e', 300)];
        LogPosition[] positions = [.. bodies.Select(Append)];

        Assert.Equal(positions.Order(), positions);
        Assert.True(positions[0] > default(LogPosition));
        Assert.Equal(bodies, positions.Select(position => Text(_log.Read(position))));
        foreach (LogPosition position in positions)
            _log.Show(position, this);
        Assert.Equal(bodies.Select((body, index) => $"g7 {index + 1} {body}"), _shown);
        Assert.Throws<ArgumentException>(() => Append(new('f', _log.RecordBytesMax + 1)));
    }

    [Fact]
    public void It_presses_at_its_reserve_and_ends_at_its_capacity()
    {
        List<(StoragePressure Pressure, long Bytes)> changes = [];
        LogException? end = null;
        while (end is null)
        {
            if (changes.Count == 0 || changes[^1].Pressure != _log.Pressure)
                changes.Add((_log.Pressure, _log.Status.Bytes));
            end = Record.Exception(() => Append(new('x', 900))) as LogException;
        }

        Assert.Equal(
            [StoragePressure.None, StoragePressure.High, StoragePressure.Full],
            changes.Select(static change => change.Pressure));
        Assert.InRange(changes[1].Bytes, (48 << 10) + 1, 50 << 10);
        Assert.InRange(changes[2].Bytes, (60 << 10) + 1, 62 << 10);
        Assert.Equal(64 << 10, _log.Status.RoomBytes);
        Assert.Same(end, _log.Poison);
        Assert.Same(end, Record.Exception(() => Append("a")));
    }

    public void Dispose() => _log.Dispose();

    void ILogVisitor.Visit(
        in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body) =>
        _shown.Add($"{header.Group} {header.Number.Number} {Text(body)}");

    void ILogVisitor.Released(in LogFloor floor) => Assert.Fail($"{floor}");

    void ILogVisitor.Lost(in LostRecords lost) => Assert.Fail($"{lost} is lost in memory");

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    // The body is in two parts, as a kernel's record and the command behind it are.
    private LogPosition Append(string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        RecordHeader header = new(
            new GroupId(7), default, new RecordNumber(++_number), RecordOwner.Kernel);
        int half = bytes.Length / 2;
        return _log.Append(header, bytes.AsSpan(0, half), bytes.AsSpan(half));
    }
}
