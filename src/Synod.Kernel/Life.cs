namespace Synod.Kernel;

/// <summary>Counts the starts of one replica within one boot, from 1. What dies with a life is
/// volatile state: round numbers of an earlier life mean nothing.</summary>
public readonly record struct Life(uint Number)
{
    /// <summary>As in <c>life 2</c>.</summary>
    public override string ToString() => $"life {Number}";
}
