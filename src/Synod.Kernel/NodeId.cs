namespace Synod.Kernel;

/// <summary>The name of a node in its cluster, from 1; 0 is no node. It outlives disks: see
/// <see cref="Incarnation"/>.</summary>
public readonly record struct NodeId(uint Number)
{
    /// <summary>As in <c>n3</c>.</summary>
    public override string ToString() => $"n{Number}";
}
