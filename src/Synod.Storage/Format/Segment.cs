namespace Synod.Storage;

/// <summary>A file of the log and the part of the log that it holds.</summary>
/// <param name="Name">Which segment it is.</param>
/// <param name="Base">Where in the log it begins.</param>
/// <param name="Length">How many bytes it holds: whole sectors.</param>
internal sealed record Segment(SegmentName Name, long Base, long Length)
{
    /// <summary>The name of the file.</summary>
    public string File { get; } = Name.ToString();

    /// <summary>Where in the log it ends.</summary>
    public long End => Base + Length;
}
