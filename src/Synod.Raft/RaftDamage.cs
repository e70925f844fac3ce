using Synod.Kernel;

namespace Synod.Raft;

/// <summary>What damage has done to a member (safety §7); a part of its small durable state.
/// </summary>
/// <param name="Number">Boot and life of the latest life that began damaged; zero for a member that
/// never was. An acknowledgement from before the damage has a lower one than an answer from after
/// it: boots are counted outside of the log, so no damage makes it forget how far it was.</param>
/// <param name="Health">What is left of its voice.</param>
/// <param name="Last">While it is damaged: the newest entry that it had, which is what it votes by,
/// if that is known.</param>
internal readonly record struct RaftDamage(long Number, KernelHealth Health, RaftLast? Last)
{
    /// <summary>The life begins damaged.</summary>
    public static RaftDamage Of((ulong Boot, uint Number) life, RaftLast? last) =>
        new(DamageNumber.Of(life), KernelHealth.Damaged, last);

    /// <summary>The life begins with what may not be the newest statement.</summary>
    public static RaftDamage Voiceless((ulong Boot, uint Number) life) =>
        new(DamageNumber.Of(life), KernelHealth.Voiceless, null);

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
        KernelHealth health = DamageNumber.ReadHealth(ref reader);
        bool isKnown = reader.ReadBoolean();
        RaftLast last = new(new LogIndex(reader.ReadCount()), new Term(reader.ReadCount()));
        return new RaftDamage(number, health, isKnown ? last : null);
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
        KernelHealth.Whole => $" repaired {DamageNumber.Text(Number)}",
        KernelHealth.Voiceless => $" voiceless {DamageNumber.Text(Number)}",
        KernelHealth.Damaged => $" damaged {DamageNumber.Text(Number)} last "
            + (Last is RaftLast last ? $"{last}" : "unknown"),
    };
}
