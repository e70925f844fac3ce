using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>A part of the conflicts, as in a record.</summary>
/// <param name="Universal">Of each owner the highest slot that touches everything.</param>
/// <param name="Any">Of each owner the highest slot.</param>
/// <param name="Keys">Of each key what writes it, by owner, then what reads it.</param>
internal readonly record struct EPaxosConflictsPage(
    EPaxosCover Universal, EPaxosCover Any, IReadOnlyList<(ulong Key, EPaxosCover Writes,
        EPaxosCover Reads)> Keys)
{
    public void WriteTo(FrameBuffer buffer)
    {
        Universal.WriteTo(buffer);
        Any.WriteTo(buffer);
        buffer.WriteInt32(Keys.Count);
        foreach ((ulong key, EPaxosCover writes, EPaxosCover reads) in Keys)
        {
            buffer.WriteUInt64(key);
            writes.WriteTo(buffer);
            reads.WriteTo(buffer);
        }
    }

    public static EPaxosConflictsPage ReadFrom(ref FrameReader reader)
    {
        EPaxosCover universal = EPaxosCover.ReadFrom(ref reader);
        EPaxosCover any = EPaxosCover.ReadFrom(ref reader);
        int count = reader.ReadInt32();
        reader.Require(count >= 0 && count <= reader.Remaining / sizeof(ulong));
        (ulong, EPaxosCover, EPaxosCover)[] keys =
            new (ulong, EPaxosCover, EPaxosCover)[reader.IsValid ? count : 0];
        for (int place = 0; place < keys.Length; place++)
        {
            ulong key = reader.ReadUInt64();
            EPaxosCover writes = EPaxosCover.ReadFrom(ref reader);
            keys[place] = (key, writes, EPaxosCover.ReadFrom(ref reader));
        }

        return new EPaxosConflictsPage(universal, any, keys);
    }
}
