namespace Synod.Storage;

/// <summary>The random name of a log, in every frame of all its segments. The default is no
/// log.</summary>
public readonly record struct LogId(UInt128 Number)
{
    /// <summary>Thirty-two hexadecimal digits.</summary>
    public override string ToString() => Number.ToString("x32", null);
}
