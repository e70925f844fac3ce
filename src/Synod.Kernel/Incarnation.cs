namespace Synod.Kernel;

/// <summary>The random name of one data directory. A node whose disk was wiped comes back with
/// another incarnation and is another member (safety §5.9).</summary>
public readonly record struct Incarnation(ulong Number)
{
    /// <summary>Sixteen hexadecimal digits.</summary>
    public override string ToString() => Number.ToString("x16", null);
}
