namespace Synod.Kernel;

/// <summary>Names a batch of reads for ever: batches of other lives of the same follower have other
/// names.</summary>
/// <param name="Life">Boot and life of the follower.</param>
/// <param name="Batch">Counts its batches in that life, from 1.</param>
public readonly record struct ReadTicket((ulong Boot, uint Life) Life, long Batch)
{
    /// <summary>Appends it to a message.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteUInt64(Life.Boot);
        buffer.WriteUInt32(Life.Life);
        buffer.WriteInt64(Batch);
    }

    /// <summary>Reads it back.</summary>
    public static ReadTicket ReadFrom(ref FrameReader reader) =>
        new((reader.ReadUInt64(), reader.ReadUInt32()), reader.ReadCount());

    /// <summary>As in <c>life 3.1 batch 7</c>.</summary>
    public override string ToString() => $"life {Life.Boot}.{Life.Life} batch {Batch}";
}
