namespace Synod.Protocols.Tests;

/// <summary>The page WireFormat.txt of a protocol: the bytes of samples. SYNOD_UPDATE=1 rewrites
/// it.</summary>
internal static class WirePage
{
    public static void Check(
        string folder, IEnumerable<byte[]> samples, DescribeFrame describe)
    {
        string path = Path.Combine(
            Repository.Root, "tests", "Synod.Protocols.Tests", folder, "WireFormat.txt");
        string page = string.Concat(samples.Select(sample =>
            $"{describe(sample)}\n    {Convert.ToHexStringLower(sample)}\n"));
        if (Environment.GetEnvironmentVariable("SYNOD_UPDATE") == "1")
            File.WriteAllText(path, page);

        Assert.Equal(File.ReadAllText(path), page);
    }

    /// <summary>A frame as text.</summary>
    public delegate string DescribeFrame(ReadOnlySpan<byte> frame);
}
