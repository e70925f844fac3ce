using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The records of a bare kernel, in memory; some of them may be lost to damage.</summary>
internal sealed class MemberRecords
{
    private readonly List<(byte[]? Body, bool IsStatement)> _records = [];
    private readonly List<(RecordNumber From, RecordNumber Through, bool Hides)> _lost = [];

    /// <summary>The newest record, lost or not.</summary>
    public RecordNumber Last => new(_records.Count);

    /// <summary>Which records are lost, in order.</summary>
    public IReadOnlyList<(RecordNumber From, RecordNumber Through, bool Hides)> Lost => _lost;

    public ReadOnlySpan<byte> this[RecordNumber number] => At(number);

    public void Add(byte[] body, bool isStatement) => _records.Add((body, isStatement));

    /// <summary>Forgets all behind a record; they never were durable.</summary>
    public void CutAfter(RecordNumber last)
    {
        int kept = checked((int)last.Number);
        _records.RemoveRange(kept, _records.Count - kept);
    }

    public bool IsLost(RecordNumber number) =>
        _records[checked((int)number.Number) - 1].Body is null;

    /// <summary>Damages records. A newer statement than all that are left is hidden if one of them
    /// is, or if nobody can tell.</summary>
    public void Lose(RecordNumber from, RecordNumber through, bool isBlind)
    {
        for (RecordNumber number = from; number <= through; number = number.Next())
        {
            (_, bool isStatement) = _records[checked((int)number.Number) - 1];
            _records[checked((int)number.Number) - 1] = (null, isStatement);
        }

        int newest = _records.FindLastIndex(static record => record.IsStatement);
        bool hides = isBlind || (newest >= 0 && _records[newest].Body is null);
        _lost.Add((from, through, hides));
        _lost.Sort(static (left, right) => left.From.CompareTo(right.From));
    }

    /// <summary>Gives a new life all of it in order.</summary>
    /// <returns>Whether the kernel took every record.</returns>
    public bool GiveTo(IKernel kernel)
    {
        bool isTaken = true;
        for (RecordNumber number = new(1); number <= Last; number = number.Next())
        {
            foreach ((RecordNumber from, RecordNumber through, bool hides) in _lost)
            {
                if (from == number)
                    kernel.Lost(from, through, hides);
            }

            isTaken &= IsLost(number) || kernel.Recover(number, this[number]);
        }

        return isTaken;
    }

    public void Digest(ref StateHash hash)
    {
        hash.Add(_records.Count);
        foreach ((byte[]? body, _) in _records)
            hash.Add(body ?? []);
    }

    private byte[] At(RecordNumber number) => _records[checked((int)number.Number) - 1].Body
        ?? throw new ArgumentException($"{number} is lost.", nameof(number));
}
