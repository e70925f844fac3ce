using Synod.Kernel;

namespace Synod.Raft;

/// <summary>Names a batch of reads for ever: batches of other lives of the same follower have other
/// names.</summary>
/// <param name="Life">Boot and life of the follower.</param>
/// <param name="Batch">Counts its batches in that life, from 1.</param>
internal readonly record struct RaftReadTicket((ulong Boot, uint Life) Life, long Batch)
{
    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteUInt64(Life.Boot);
        buffer.WriteUInt32(Life.Life);
        buffer.WriteInt64(Batch);
    }

    public static RaftReadTicket ReadFrom(ref FrameReader reader) =>
        new((reader.ReadUInt64(), reader.ReadUInt32()), reader.ReadCount());

    public override string ToString() => $"life {Life.Boot}.{Life.Life} batch {Batch}";
}
