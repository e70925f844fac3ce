namespace Synod.Kernel;

/// <summary>Which epoch of which chain: in every frame, record and request, so that two groups or
/// two epochs are never taken for each other.</summary>
public readonly record struct EpochId(uint Number, Lineage Lineage)
{
    /// <summary>As in <c>e0:0123abcd</c>.</summary>
    public override string ToString() => $"e{Number}:{Lineage}";
}
