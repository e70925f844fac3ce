using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Messages of one turn in one frame.</summary>
internal static partial class EPaxosCodec
{
    /// <summary>The messages of a bundle, each as the frame that it would be alone; none if it is
    /// no bundle. Commands that are not there are left out.</summary>
    public static List<byte[]> PartsOf(ReadOnlySpan<byte> frame)
    {
        List<byte[]> parts = [];
        FrameReader heads = HeadsOf(frame, out int count);
        int end = EndOfHeads(heads, count, out int commands);
        int offset = end == frame.Length - commands ? end : frame.Length;
        while (count-- > 0 && end > 0)
        {
            ReadOnlySpan<byte> head = NextHead(ref heads, out int command);
            int length = Math.Min(command, frame.Length - offset);
            parts.Add([.. head, .. frame.Slice(offset, length)]);
            offset += length;
        }

        return parts;
    }

    // Where the parts do not fit together it is no frame. They are what the sender could have sent
    // one by one, and one that is malformed ends it.
    private static bool TryUnpack(
        in (Turn Turn, Member From) when,
        ReadOnlySpan<byte> frame,
        (IEPaxosInbox Inbox, Outbox Outbox) to)
    {
        FrameReader heads = HeadsOf(frame, out int count);
        int offset = EndOfHeads(heads, count, out int commands);
        if (offset == 0 || offset != frame.Length - commands)
            return false;

        bool isWhole = true;
        while (count-- > 0 && isWhole)
        {
            FrameReader reader = new(NextHead(ref heads, out int length));
            EPaxosKind kind = ReadHead(ref reader);
            Payload command = Payload.Transient(offset, length);
            (Turn, Member, Payload?) of = (when.Turn, when.From, command);
            isWhole = kind switch
            {
                EPaxosKind.PreAccept or EPaxosKind.Accept => TryPropose(of, kind, ref reader, to),
                EPaxosKind.PreAcceptOk or EPaxosKind.AcceptOk when length == 0 =>
                    TryPropose(of, kind, ref reader, to),
                EPaxosKind.Commit => TryCommit(of, kind, ref reader, to),
                _ => false,
            };
            offset += length;
        }

        return isWhole;
    }

    private static FrameReader HeadsOf(ReadOnlySpan<byte> frame, out int count)
    {
        FrameReader reader = new(frame);
        reader.Require(ReadHead(ref reader) == EPaxosKind.Bundle);
        count = reader.ReadUInt16();
        reader.Require(count > 1);
        return reader;
    }

    private static ReadOnlySpan<byte> NextHead(ref FrameReader reader, out int command)
    {
        int length = reader.ReadUInt16();
        command = reader.ReadInt32();
        reader.Require(command >= 0);
        return reader.ReadBytes(length);
    }

    // Zero if the heads are not all there, or speak of more commands than a frame can have.
    private static int EndOfHeads(FrameReader reader, int count, out int commands)
    {
        long sum = 0;
        while (count-- > 0 && reader.IsValid)
        {
            NextHead(ref reader, out int command);
            sum += command;
        }

        reader.Require(sum <= int.MaxValue);
        commands = reader.IsValid ? (int)sum : 0;
        return reader.IsValid ? reader.Position : 0;
    }

    private static string? DescribeBundle(ReadOnlySpan<byte> frame)
    {
        List<byte[]> parts = PartsOf(frame);
        return parts.Count == 0
            ? null
            : $"Bundle {string.Join("; ", parts.Select(static part => Describe(part)))}";
    }
}
