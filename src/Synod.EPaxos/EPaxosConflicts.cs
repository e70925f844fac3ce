using System.Runtime.InteropServices;
using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>For each key and owner the highest slots that write and read it, and of each owner the
/// highest that touches everything and the highest of all (protocols §1.4).</summary>
internal sealed class EPaxosConflicts(int members)
{
    // Of each key one row: what writes it, by owner, then what reads it.
    private readonly Dictionary<ulong, long[]> _keys = [];
    private readonly long[] _universal = new long[members];
    private readonly long[] _any = new long[members];

    /// <summary>An instance whose footprint is known.</summary>
    public void Add(InstanceId id, in Footprint footprint)
    {
        Raise(_any, id.Owner.Index, id.Slot);
        if (footprint.IsUniversal)
            Raise(_universal, id.Owner.Index, id.Slot);
        for (int position = 0; position < footprint.Count; position++)
        {
            ref long[]? row = ref CollectionsMarshal.GetValueRefOrAddDefault(
                _keys, footprint.KeyAt(position), out _);
            row ??= new long[2 * members];
            int first = footprint.IsWrite(position) ? 0 : members;
            Raise(row, first + id.Owner.Index, id.Slot);
        }
    }

    /// <summary>An instance that is voted for and of which nobody has told what it touches. It may
    /// come to anything (protocols §1.8, 8).</summary>
    public void AddUnknown(InstanceId id) => Add(id, Footprint.Universal);

    /// <summary>What must be ordered against something with this footprint, and what is covered
    /// already. Where that is all of it, it is given back as it is.</summary>
    public EPaxosCover Of(in Footprint footprint, in EPaxosCover covered = default)
    {
        if (footprint.IsUniversal)
            return covered.Union(_any);

        Span<long> slots = stackalloc long[members];
        _universal.CopyTo(slots);
        for (int position = 0; position < footprint.Count; position++)
        {
            if (!_keys.TryGetValue(footprint.KeyAt(position), out long[]? row))
                continue;

            int rows = footprint.IsWrite(position) ? 2 : 1;
            for (int first = 0; first < rows * members; first += members)
            {
                for (int owner = 0; owner < members; owner++)
                    slots[owner] = Math.Max(slots[owner], row[first + owner]);
            }
        }

        return covered.Union(slots);
    }

    /// <summary>All of it, in parts, by key; one part at least.</summary>
    public IEnumerable<EPaxosConflictsPage> Pages(int keysPerPage)
    {
        foreach (KeyValuePair<ulong, long[]>[] keys in
            _keys.OrderBy(static one => one.Key).Chunk(keysPerPage).DefaultIfEmpty([]))
        {
            yield return new EPaxosConflictsPage(
                EPaxosCover.Of(_universal),
                EPaxosCover.Of(_any),
                [.. keys.Select(one => (
                    one.Key,
                    EPaxosCover.Of(one.Value.AsSpan(0, members)),
                    EPaxosCover.Of(one.Value.AsSpan(members))))]);
        }
    }

    /// <summary>Adds what was in another one.</summary>
    public void Add(in EPaxosConflictsPage page)
    {
        for (int owner = 0; owner < members; owner++)
        {
            Raise(_universal, owner, page.Universal[owner]);
            Raise(_any, owner, page.Any[owner]);
        }

        foreach ((ulong key, EPaxosCover writes, EPaxosCover reads) in page.Keys)
        {
            ref long[]? row = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _);
            row ??= new long[2 * members];
            for (int owner = 0; owner < members; owner++)
            {
                Raise(row, owner, writes[owner]);
                Raise(row, members + owner, reads[owner]);
            }
        }
    }

    private static void Raise(long[] slots, int place, long slot) =>
        slots[place] = Math.Max(slots[place], slot);
}
