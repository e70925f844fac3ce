using Synod.Kernel;

namespace Synod.Raft;

/// <summary>What damage has done to a member (safety §7); a part of its small durable state.
/// </summary>
/// <param name="Number">Grows with each life that begins damaged; zero for a member that never
/// was. An acknowledgement from before the damage has a lower one than an answer from after
/// it.</param>
/// <param name="Health">What is left of its voice.</param>
/// <param name="Last">While it is damaged: the newest entry that it had, which is what it votes by,
/// if that is known.</param>
internal readonly record struct RaftDamage(long Number, KernelHealth Health, RaftLast? Last)
{
    // More lives than a boot has, and more than begin damaged.
    private const int LifeBits = 32;

    /// <summary>The next life begins damaged.</summary>
    public RaftDamage Next(RaftLast? last) => new(Number + 1, KernelHealth.Damaged, last);

    /// <summary>The next life begins with what may not be the newest statement. Which numbers were
    /// used may be forgotten too, so this one is of the boot and the life: higher than all before,
    /// so that nothing that was said before is taken for the word of this life.</summary>
    public RaftDamage NextVoiceless((ulong Boot, uint Number) life) => new(
        Math.Max(Number, unchecked((long)(life.Boot << LifeBits))) + life.Number,
        KernelHealth.Voiceless,
        null);

    /// <summary>All is there again.</summary>
    public RaftDamage Repaired() => new(Number, KernelHealth.Whole, null);

    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteInt64(Number);
        buffer.WriteByte((byte)Health);
        buffer.WriteBoolean(Last is not null);
        buffer.WriteInt64(Last?.Index.Number ?? 0);
        buffer.WriteInt64(Last?.Term.Number ?? 0);
    }

    public static RaftDamage ReadFrom(ref FrameReader reader)
    {
        long number = reader.ReadCount();
        KernelHealth health = ReadHealth(ref reader);
        bool isKnown = reader.ReadBoolean();
        RaftLast last = new(new LogIndex(reader.ReadCount()), new Term(reader.ReadCount()));
        return new RaftDamage(number, health, isKnown ? last : null);
    }

    public static KernelHealth ReadHealth(ref FrameReader reader)
    {
        KernelHealth health = (KernelHealth)reader.ReadByte();
        reader.Require(health is >= KernelHealth.Whole and <= KernelHealth.Voiceless);
        return health;
    }

    public void AddTo(ref StateHash hash)
    {
        hash.Add(Number);
        hash.Add((long)Health);
        hash.Add(Last?.Index.Number ?? -1);
        hash.Add(Last?.Term.Number ?? -1);
    }

    /// <summary>Behind the text of a record; nothing if it never was damaged.</summary>
    public string Suffix => Number == 0 ? "" : Health switch
    {
        KernelHealth.Whole => $" repaired {Number}",
        KernelHealth.Voiceless => $" voiceless {Number}",
        KernelHealth.Damaged =>
            $" damaged {Number} last {(Last is RaftLast last ? $"{last}" : "unknown")}",
    };
}
