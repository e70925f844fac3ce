namespace Synod.Kernel;

/// <summary>Names the latest life of a member that began damaged (safety §7): its boot and life as
/// one number, zero for a member that never was. An acknowledgement from before the damage has a
/// lower one than an answer from after it: boots are counted outside of the log, so no damage makes
/// a member forget how far it was.</summary>
public static class DamageNumber
{
    private const int LifeBits = 32;

    /// <summary>The number of a life.</summary>
    public static long Of((ulong Boot, uint Number) life) =>
        checked(((long)life.Boot << LifeBits) | life.Number);

    /// <summary>A number for people, as in <c>3.1</c>: boot 3, life 1.</summary>
    public static string Text(long number) =>
        $"{number >> LifeBits}.{number & uint.MaxValue}";

    /// <summary>Reads what a member says of its health; whole if the frame is
    /// none.</summary>
    public static KernelHealth ReadHealth(ref FrameReader reader)
    {
        KernelHealth health = (KernelHealth)reader.ReadByte();
        reader.Require(health is >= KernelHealth.Whole and <= KernelHealth.Voiceless);
        return reader.IsValid ? health : KernelHealth.Whole;
    }
}
