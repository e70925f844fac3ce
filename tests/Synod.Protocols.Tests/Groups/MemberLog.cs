using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups;

/// <summary>The records of a member, in memory. Of what was released only the newest statement is
/// ever given back.</summary>
internal sealed class MemberLog
{
    private readonly List<(byte[] Body, bool IsStatement)> _records = [];
    private readonly List<(int From, int Through, bool Hides)> _lost = [];
    private readonly List<(RecordNumber Gate, RecordNumber First)> _toRelease = [];

    public int Count => _records.Count;

    /// <summary>The first record that is needed.</summary>
    public long Floor { get; private set; } = 1;

    public byte[] this[RecordNumber number] => _records[checked((int)number.Number) - 1].Body;

    public void Add(byte[] body, bool isStatement) => _records.Add((body, isStatement));

    /// <summary>Records before one are released, once those up to a gate are durable.</summary>
    public void Release(RecordNumber gate, RecordNumber first) => _toRelease.Add((gate, first));

    /// <summary>Records are durable: what waited for them is released.</summary>
    public void Released(RecordNumber durable)
    {
        foreach ((RecordNumber gate, RecordNumber first) in _toRelease)
        {
            if (gate <= durable)
                Floor = Math.Max(Floor, first.Number);
        }

        _toRelease.RemoveAll(release => release.Gate <= durable);
    }

    /// <summary>A crash: so many records are left.</summary>
    public void Cut(int kept)
    {
        _records.RemoveRange(kept, _records.Count - kept);
        _toRelease.Clear();
    }

    public void Clear()
    {
        _records.Clear();
        _lost.Clear();
        Floor = 1;
    }

    public void Damage(int from, int through, bool isBlind)
    {
        for (int number = from; number <= through; number++)
            _records[number - 1] = ([], _records[number - 1].IsStatement);
        int newest = NewestStatement;
        bool hides = isBlind || (newest > 0 && _records[newest - 1].Body.Length == 0);
        _lost.Add((from, through, hides));
    }

    /// <summary>A kernel begins with what is there.</summary>
    public void GiveTo(IKernel kernel)
    {
        int newest = NewestStatement;
        for (int number = 1; number <= _records.Count; number++)
        {
            if (number >= Floor || number == newest)
                GiveTo(kernel, number);
        }
    }

    private int NewestStatement =>
        _records.FindLastIndex(static record => record.IsStatement) + 1;

    // Damage of other times may overlap: each record is lost once.
    private void GiveTo(IKernel kernel, int number)
    {
        byte[] body = _records[number - 1].Body;
        RecordNumber record = new(number);
        bool hides = _lost.Exists(lost =>
            lost.Hides && lost.From <= number && number <= lost.Through);
        if (body.Length > 0)
            Assert.True(kernel.Recover(record, body));
        else if (number >= Floor)
            kernel.Lost(record, record, hides);
        else
            kernel.Lost(new RecordNumber(Floor), new RecordNumber(Floor - 1), hides);
    }
}
