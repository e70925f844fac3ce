namespace Synod.Kernel;

/// <summary>The random name of a cluster, in every handshake: nodes and clients of another cluster
/// are refused.</summary>
public readonly record struct ClusterId(UInt128 Number)
{
    /// <summary>Thirty-two hexadecimal digits.</summary>
    public override string ToString() => Number.ToString("x32", null);
}
