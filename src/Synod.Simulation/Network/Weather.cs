using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What the network does to frames between nodes at a time.</summary>
/// <param name="LossPerMille">Of a thousand frames so many are lost.</param>
/// <param name="DuplicatePerMille">Of a thousand frames so many arrive twice.</param>
/// <param name="DelayPerMille">Of a thousand frames so many are late, so that others overtake
/// them.</param>
internal readonly record struct Weather(
    int LossPerMille, int DuplicatePerMille, int DelayPerMille)
{
    /// <summary>The weather between faults: calm, or a little rough throughout the run.</summary>
    public static Weather Draw(SeededRandom random) => random.Chance(1, 2)
        ? default
        : new Weather((int)random.Below(10), (int)random.Below(10), (int)random.Below(30));

    /// <summary>A storm.</summary>
    public static Weather Storm(SeededRandom random) => new(
        (int)random.Below(200), (int)random.Below(100), (int)random.Below(300));
}
