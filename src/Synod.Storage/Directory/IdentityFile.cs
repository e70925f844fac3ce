using System.Globalization;
using System.Text;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>The identity of a data directory as lines of text. In every format version the first
/// line is the version and the last one the checksum of all before it.</summary>
internal static class IdentityFile
{
    public const string Name = "identity";

    private const int Version = 1;
    private const string Title = "synod-data ";
    private const string CrcLabel = "crc ";
    private const string LogLabel = "log ";
    private const int Lines = 7;

    // By the numbers of the kinds.
    private static readonly string[] LogNames = ["none", "files", "own"];

    public static string Format(in DataDirectoryIdentity identity)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Title}{Version}
            cluster {identity.Cluster}
            node {identity.Member.Node.Number}
            incarnation {identity.Member.Incarnation}
            boot {identity.Boot.Number}
            {LogLabel}{LogNames[(int)identity.Log]}

            """);
        return $"{text}{CrcLabel}{CrcOf(text)}\n";
    }

    /// <summary>Reads the text of the file at the path, which is only for messages.</summary>
    /// <exception cref="DataDirectoryException">The text is damaged, or of a newer release.
    /// </exception>
    public static DataDirectoryIdentity Parse(string path, string text)
    {
        int end = text.LastIndexOf(CrcLabel, StringComparison.Ordinal);
        if (end < 0 || text[end..] != $"{CrcLabel}{CrcOf(text[..end])}\n")
            throw Damaged(path, "its checksum is wrong");

        string[] lines = text.Split('\n');
        if (!TryRead(lines[0], Title, NumberStyles.None, out UInt128 version))
            throw Damaged(path, "it does not say its format version");
        if (version > Version)
        {
            throw new DataDirectoryException(
                $"{path} has format version {version}, and this release reads up to version "
                + $"{Version}. Run the newer release of Synod again.");
        }

        if (lines.Length == Lines + 1
            && TryRead(lines[1], "cluster ", NumberStyles.HexNumber, out UInt128 cluster)
            && TryRead(lines[2], "node ", NumberStyles.None, out UInt128 node)
            && TryRead(lines[3], "incarnation ", NumberStyles.HexNumber, out UInt128 incarnation)
            && TryRead(lines[4], "boot ", NumberStyles.None, out UInt128 boot)
            && TryReadLog(lines[5], out LogKind log))
        {
            return new DataDirectoryIdentity(
                new ClusterId(cluster),
                new MemberIdentity(
                    new NodeId((uint)node), new Incarnation((ulong)incarnation)),
                new Boot((ulong)boot),
                log);
        }

        throw Damaged(path, "a line is missing or unreadable");
    }

    private static bool TryRead(
        string line, string label, NumberStyles style, out UInt128 number)
    {
        number = default;
        return line.StartsWith(label, StringComparison.Ordinal)
            && UInt128.TryParse(
                line.AsSpan(label.Length), style, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryReadLog(string line, out LogKind kind)
    {
        bool isLabelled = line.StartsWith(LogLabel, StringComparison.Ordinal);
        int index = isLabelled ? LogNames.IndexOf(line[LogLabel.Length..]) : -1;
        kind = (LogKind)Math.Max(index, 0);
        return index >= 0;
    }

    private static string CrcOf(string text) =>
        Crc32C.Of(Encoding.UTF8.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture);

    private static DataDirectoryException Damaged(string path, string what) => new(
        $"{path} is damaged: {what}. Without it the node does not know who it is and must not "
        + "vote. Check the disk; then remove this member and add it anew with an empty "
        + "directory.");
}
