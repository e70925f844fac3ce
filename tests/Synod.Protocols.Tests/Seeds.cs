using Synod.Kernel;

namespace Synod.Protocols.Tests;

/// <summary>Runs a property under many seeds, and says which one failed.</summary>
internal static class Seeds
{
    public static void ForEach(int count, Action<SeededRandom> property)
    {
        for (ulong seed = 1; seed <= (ulong)count; seed++)
        {
            try
            {
                property(new SeededRandom(seed));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }

    /// <summary>So many random bytes.</summary>
    public static byte[] Bytes(this SeededRandom random, int count)
    {
        byte[] bytes = new byte[count];
        for (int index = 0; index < count; index++)
            bytes[index] = (byte)random.Below(256);
        return bytes;
    }
}
