using System.Buffers.Binary;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Hostile;

/// <summary>Makes what no correct end sends from what correct ends have sent.</summary>
internal sealed class Mutator(SeededRandom random, byte[][] real)
{
    // Behind the head of a frame between nodes and the life of the sender: version, kind, and then
    // numbers of eight bytes, of which the term is the first.
    private const int KernelAt = 34;
    private const int TermAt = KernelAt + 2;

    /// <summary>The term of the victim: most lies are about it and those beside it.</summary>
    public long Term { get; set; }

    /// <summary>A frame of a peer.</summary>
    public byte[] OfPeer()
    {
        byte[] frame = [.. real[random.Below(real.Length)]];
        if (frame.Length >= TermAt + sizeof(long) && random.Chance(1, 2))
            Write(frame, TermAt, Term + random.Below(3) - random.Below(2));
        for (long changes = random.Below(4); changes > 0; changes--)
            frame = Change(frame);
        return frame;
    }

    /// <summary>A frame of a client; its commands are on a key of their own.</summary>
    public byte[] OfClient()
    {
        FrameBuffer command = new();
        new Counter().Encode(new Add(random.Below(100)), command);
        FrameBuffer frame = new();
        RequestKind kind = (RequestKind)random.Below(8);
        new RequestHead(random.Below(50), new GroupId((ulong)random.Below(3)), kind)
            .WriteTo(frame);
        long sequence = 1 + random.Below(5);
        new Envelope
        {
            Identity = new CommandIdentity(
                new SessionId(0, (ulong)random.Below(50)), sequence, random.Below(sequence)),
            Acknowledged = 0,
            Key = "attacked"u8,
            Command = command.Written,
        }.WriteTo(frame);
        byte[] bytes = frame.Written.ToArray();
        return random.Chance(1, 4) ? bytes : Change(bytes);
    }

    /// <summary>Random bytes.</summary>
    public byte[] Noise(int bytesMax)
    {
        byte[] noise = new byte[random.Below(bytesMax)];
        for (int index = 0; index < noise.Length; index++)
            noise[index] = (byte)random.Below(256);
        return noise;
    }

    private byte[] Change(byte[] frame)
    {
        int at = (int)random.Below(Math.Max(1, frame.Length));
        switch (random.Below(11))
        {
            case 0 when frame.Length > 0:
                frame[at] ^= (byte)(1 << (int)random.Below(8));
                return frame;
            case 1 when frame.Length > 0:
                frame[at] = (byte)random.Below(256);
                return frame;
            case 2:
                return frame[..at];
            case 3:
                return [.. frame, .. Noise(40)];
            case 4:
                byte[] other = real[random.Below(real.Length)];
                return [.. frame[..at], .. other[Math.Min(at, other.Length)..]];
            case 5 or 6 or 7:
                Graft(frame, real[random.Below(real.Length)]);
                return frame;
            default:
                LieAbout(frame, TermAt + (8 * (int)random.Below(6)));
                return frame;
        }
    }

    // Takes some of the numbers of another message, so that what was said of one place is said of
    // another.
    private void Graft(byte[] frame, byte[] other)
    {
        int field = TermAt + (8 * (int)random.Below(5));
        int length = 8 * (1 + (int)random.Below(3));
        if (field + length <= Math.Min(frame.Length, other.Length))
            other.AsSpan(field, length).CopyTo(frame.AsSpan(field));
    }

    private void LieAbout(byte[] frame, int field)
    {
        if (field + sizeof(long) > frame.Length)
            return;

        long truth = BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(field));
        Write(frame, field, Lie(truth));
    }

    private long Lie(long truth) => random.Below(24) switch
    {
        0 => long.MaxValue,
        1 => long.MinValue,
        2 => long.MaxValue / 2,
        3 => -1,
        4 => 1L << 32,
        5 => int.MaxValue,
        6 => Term,
        7 => 0,
        _ => unchecked(truth + random.Below(7) - 3),
    };

    private static void Write(byte[] frame, int at, long number) =>
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(at), number);
}
