namespace Synod.Compare.Parts;

/// <summary>Something that is measured by itself, without others to compare with.</summary>
internal interface IPart
{
    /// <summary>Measures it, and holds it against what is wanted.</summary>
    Task<IReadOnlyList<Target>> MeasureAsync(CancellationToken cancellation);
}
