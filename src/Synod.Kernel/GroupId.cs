namespace Synod.Kernel;

/// <summary>The name of a replicated group in its cluster.</summary>
public readonly record struct GroupId(ulong Number)
{
    /// <summary>As in <c>g1</c>.</summary>
    public override string ToString() => $"g{Number}";
}
