using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Storage;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>No two records have one number, whatever ends an append.</summary>
public sealed class RecordMapTests
{
    private readonly Trap _trap = new();
    private readonly RecordMap _records = new();
    private readonly ILog _log;

    public RecordMapTests() =>
        _log = _trap.Between(new MemoryLog(new MemoryLogOptions(), static () => { }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_is_there_exactly_if_the_log_has_taken_it(bool isTaken)
    {
        Append(1);
        LogPosition first = _log.Appended;
        _trap.Set(after: 0, isAfter: isTaken);

        Assert.Throws<Trap.SprungException>(() => Append(2));

        Assert.Equal(isTaken, _log.Appended > first);
        Assert.Equal(isTaken ? 2 : 1, _records.Appended.Number);
        Assert.Equal(_log.Appended, _records[_records.Appended]);
        Append(_records.Appended.Number + 1);
        Assert.Equal(_log.Appended, _records[_records.Appended]);
    }

    [Fact]
    public void A_wrong_number_is_not_appended()
    {
        Append(1);
        LogPosition first = _log.Appended;

        Assert.Throws<InvariantBrokenException>(() => Append(3));

        Assert.Equal(first, _log.Appended);
    }

    private void Append(long number) => _records.Append(
        _log,
        new RecordHeader(new GroupId(1), default, new RecordNumber(number), RecordOwner.Kernel),
        [1, 2],
        [3]);
}
