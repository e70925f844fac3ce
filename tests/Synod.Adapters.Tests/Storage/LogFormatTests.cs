using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>The bytes of one frame. Old logs must stay readable, so a change here is a new format
/// version. Rewritten by <c>SYNOD_UPDATE=1</c>.</summary>
public class LogFormatTests
{
    [Fact]
    public void The_bytes_of_a_frame_are_what_they_were()
    {
        TestLog test = new TestLog().Open();
        RecordHeader header = new(
            new GroupId(7),
            new EpochId(3, new Lineage(0x0123)),
            new RecordNumber(9),
            RecordOwner.Kernel);
        test.Log.Append(header, "record"u8, "command"u8);
        test.Log.Append(header with { Owner = RecordOwner.Runtime }, "x"u8, default);
        test.Log.Flush();
        string path = PathOf("LogFormat.txt");
        ReadOnlySpan<byte> frame = test.Disk.Bytes(TestLog.First).Slice(Sector.Bytes, Sector.Bytes);
        string text = Describe(frame.TrimEnd((byte)0));

        if (Environment.GetEnvironmentVariable("SYNOD_UPDATE") == "1")
            File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path), text);
    }

    private static string Describe(ReadOnlySpan<byte> bytes)
    {
        const int width = 16;
        StringBuilder text = new("# One frame of format version 1: header, two records.\n");
        for (int offset = 0; offset < bytes.Length; offset += width)
        {
            ReadOnlySpan<byte> line = bytes.Slice(offset, Math.Min(width, bytes.Length - offset));
            text.Append(CultureInfo.InvariantCulture, $"{offset:x4}  ");
            text.Append(Convert.ToHexStringLower(line)).Append('\n');
        }

        return text.ToString();
    }

    private static string PathOf(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, name);
}
