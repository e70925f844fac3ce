namespace Synod.EPaxos;

/// <summary>Slots of one owner, one behind the other.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The slot of the last.</param>
internal readonly record struct SlotRange(InstanceId First, long Last)
{
    /// <summary>The most in one question.</summary>
    public const int CountMax = 64;

    public override string ToString() => $"{First}-{Last}";
}
