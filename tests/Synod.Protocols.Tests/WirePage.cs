using System.Globalization;
using Synod.Kernel;

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

    /// <summary>The samples are of all kinds of a protocol, those that all leaders share
    /// included.</summary>
    public static void CheckKinds<TKind>(IEnumerable<byte[]> samples)
        where TKind : struct, Enum
    {
        IEnumerable<byte> own = Enum.GetValues<TKind>()
            .Select(static kind => Convert.ToByte(kind, CultureInfo.InvariantCulture));
        IEnumerable<byte> shared =
            Enum.GetValues<LeaderKind>().Select(static kind => (byte)kind);
        Assert.Equal(
            own.Concat(shared).Order(),
            samples.Select(static sample => sample[1]).Distinct().Order());
    }

    /// <summary>A frame as text.</summary>
    public delegate string DescribeFrame(ReadOnlySpan<byte> frame);
}
