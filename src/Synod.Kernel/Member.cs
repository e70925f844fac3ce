namespace Synod.Kernel;

/// <summary>A member of the epoch by its position in the descriptor, 0 to 14.</summary>
public readonly record struct Member(byte Index)
{
    /// <summary>As in <c>m0</c>.</summary>
    public override string ToString() => $"m{Index}";
}
