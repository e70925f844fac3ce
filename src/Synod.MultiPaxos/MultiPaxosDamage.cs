using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What damage has done to a member (safety §7); a part of its small durable state.
/// </summary>
/// <param name="Number">Names the damage, see <see cref="DamageNumber"/>.</param>
/// <param name="Health">What is left of its voice.</param>
/// <param name="Certain">When it said so: up to here its slots hold what was chosen. What it had
/// above is unknown.</param>
internal readonly record struct MultiPaxosDamage(
    long Number, KernelHealth Health, LogIndex Certain)
{
    /// <summary>The life begins damaged.</summary>
    public static MultiPaxosDamage Of(
        (ulong Boot, uint Number) life, KernelHealth health, LogIndex certain) =>
        new(DamageNumber.Of(life), health, certain);

    /// <summary>All is there again.</summary>
    public MultiPaxosDamage Repaired() => this with { Health = KernelHealth.Whole };

    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteInt64(Number);
        buffer.WriteByte((byte)Health);
        buffer.WriteInt64(Certain.Number);
    }

    public static MultiPaxosDamage ReadFrom(ref FrameReader reader) => new(
        reader.ReadCount(),
        DamageNumber.ReadHealth(ref reader),
        new LogIndex(reader.ReadCount()));

    public void AddTo(ref StateHash hash)
    {
        hash.Add(Number);
        hash.Add((long)Health);
        hash.Add(Certain.Number);
    }

    /// <summary>Behind the text of a record; nothing if it never was damaged.</summary>
    public string Suffix => Number == 0 ? "" : Health switch
    {
        KernelHealth.Whole => $" repaired {DamageNumber.Text(Number)}",
        KernelHealth.Voiceless => $" voiceless {DamageNumber.Text(Number)} above {Certain}",
        KernelHealth.Damaged => $" damaged {DamageNumber.Text(Number)} above {Certain}",
    };
}
