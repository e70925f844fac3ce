using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>Finds the segments among the files of a device.</summary>
internal static class SegmentCatalog
{
    /// <summary>The segments in their order. Files of other names are left alone.</summary>
    /// <exception cref="LogException">One is missing, or is there twice.</exception>
    public static IReadOnlyList<Segment> Read(IBlockDevice device)
    {
        List<Segment> segments = [];
        SegmentName expected = SegmentName.First;
        foreach (DiskFile file in device.List())
        {
            if (!SegmentName.TryParse(file.Name, out SegmentName name))
                continue;

            Require(name.Sequence == expected.Sequence, device, expected, name);
            long start = segments.Count == 0 ? 0 : segments[^1].End;
            segments.Add(new Segment(name, start, Sector.RoundDown(file.Length)));
            expected = name.Next();
        }

        return segments;
    }

    private static void Require(
        bool condition, IBlockDevice device, SegmentName expected, SegmentName found)
    {
        if (condition)
            return;

        string what = found.Sequence < expected.Sequence
            ? $"segment {found.Sequence} is there in two files, one of them {found}"
            : $"segment {expected.Sequence} is missing: the next file is {found}";
        throw new LogException(
            $"The log in {device.Location} is damaged: {what}. Nothing was changed. Put back the "
            + "files of this log and no others, or remove this member and add it anew.");
    }
}
