using System.Globalization;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

public sealed class DataDirectoryTests : IDisposable
{
    private static readonly ClusterId Cluster = new(0xC1);
    private static readonly NodeId Node = new(3);

    private readonly string _parent = Directory.CreateTempSubdirectory("synod-data-").FullName;

    private string Location => Path.Combine(_parent, "n3");

    private string IdentityPath => Path.Combine(Location, "identity");

    [Fact]
    public void The_incarnation_stays_and_the_boot_rises_at_each_opening()
    {
        MemberIdentity identity;
        using (DataDirectory first = Open())
        {
            identity = first.Identity;
            Assert.Equal((Node, new Boot(1)), (first.Identity.Node, first.Boot));
            Assert.Equal(Path.Combine(Location, "log"), first.LogPath);
        }

        for (ulong boot = 2; boot < 5; boot++)
        {
            using DataDirectory next = Open();
            Assert.Equal((identity, new Boot(boot)), (next.Identity, next.Boot));
        }
    }

    [Fact]
    public void Another_directory_is_another_incarnation()
    {
        using DataDirectory one = Open();
        using DataDirectory other = DataDirectory.Open(Location + "b", Cluster, Node);

        Assert.NotEqual(one.Identity, other.Identity);
    }

    [Fact]
    public void A_second_process_is_refused_with_the_name_of_the_first()
    {
        using DataDirectory held = Open();

        DataDirectoryException error = AssertRefused(Location);
        Assert.Contains(
            $"in use by process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}",
            error.Message,
            StringComparison.Ordinal);
        Assert.Equal(held.Boot, DataDirectory.Read(Location).Boot);
    }

    [Fact]
    public void A_tool_reads_whose_it_is_without_locking_it()
    {
        using DataDirectory held = Open();

        DataDirectoryIdentity read = DataDirectory.Read(Location);
        Assert.Equal(
            new DataDirectoryIdentity(Cluster, held.Identity, held.Boot, LogKind.None), read);
    }

    [Fact]
    public void A_directory_that_is_nobodys_is_not_read()
    {
        DataDirectoryException error = Assert.Throws<DataDirectoryException>(
            () => DataDirectory.Read(_parent));
        Assert.Contains("not the directory of a node", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_directory_of_another_cluster_or_node_is_refused_with_both_names()
    {
        Open().Dispose();

        AssertRefused("cluster " + Cluster, new ClusterId(0xC2), Node);
        AssertRefused("cluster " + new ClusterId(0xC2), new ClusterId(0xC2), Node);
        AssertRefused("belongs to node n3, not to node n4", Cluster, new NodeId(4));
        Assert.Equal(new Boot(1), DataDirectory.Read(Location).Boot);
        using DataDirectory again = Open();
        Assert.Equal(new Boot(2), again.Boot);
    }

    [Fact]
    public void Every_damage_of_the_identity_is_found()
    {
        Open().Dispose();
        byte[] intact = File.ReadAllBytes(IdentityPath);
        for (int offset = 0; offset < intact.Length; offset++)
        {
            byte[] damaged = [.. intact];
            damaged[offset] ^= 1;
            File.WriteAllBytes(IdentityPath, damaged);
            AssertRefused(IdentityPath);
            File.WriteAllBytes(IdentityPath, intact[..offset]);
            AssertRefused("is damaged");
        }
    }

    [Fact]
    public void An_identity_of_a_newer_format_is_refused_with_both_versions()
    {
        Directory.CreateDirectory(Location);
        string text = "synod-data 2\nwho knows\n";
        uint crc = Crc32C.Of(System.Text.Encoding.ASCII.GetBytes(text));
        File.WriteAllText(
            IdentityPath, text + "crc " + crc.ToString("x8", CultureInfo.InvariantCulture) + "\n");

        AssertRefused("format version 2, and this release reads up to version 1");
    }

    [Fact]
    public void A_log_that_has_lost_its_identity_is_refused()
    {
        using (DataDirectory first = Open())
        {
            Directory.CreateDirectory(first.LogPath);
            File.WriteAllText(Path.Combine(first.LogPath, "000000000001-0001.log"), "");
        }

        File.Delete(IdentityPath);
        AssertRefused("has a log and no identity file");
    }

    [Theory]
    [InlineData(LogKind.Files, LogKind.Own, "one of the user's own")]
    [InlineData(LogKind.Own, LogKind.Files, "the one that is shipped")]
    public void Another_log_than_the_one_that_is_there_is_refused(
        LogKind first, LogKind other, string name)
    {
        using (DataDirectory directory = Open(other))
            Assert.False(directory.HasLog);
        using (DataDirectory directory = Open(first))
        {
            directory.KeepLog();
            directory.KeepLog();
            Assert.True(directory.HasLog);
        }

        byte[] before = File.ReadAllBytes(IdentityPath);
        DataDirectoryException error =
            Assert.Throws<DataDirectoryException>(() => Open(other));
        Assert.Contains($"configured for {name}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{Location}/log is of", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(IdentityPath));
        using DataDirectory again = Open(first);
        Assert.Equal((new Boot(3), true), (again.Boot, again.HasLog));
    }

    [Fact]
    public void A_missing_parent_is_named()
    {
        DataDirectoryException error = Assert.Throws<DataDirectoryException>(
            () => DataDirectory.Open(Path.Combine(_parent, "no", "n3"), Cluster, Node));
        Assert.Contains(
            $"parent directory {_parent}/no does not exist",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_cannot_be_written_is_refused()
    {
        Directory.CreateDirectory(Location);
        Directory.CreateDirectory(Path.Combine(Location, "lock"));

        AssertRefused(Path.Combine(Location, "lock"));
    }

    [Fact]
    public void A_draft_that_a_crash_has_left_is_overwritten()
    {
        Open().Dispose();
        File.WriteAllText(IdentityPath + ".new", "half of a line ".PadRight(500));

        using DataDirectory next = Open();
        Assert.Equal(new Boot(2), next.Boot);
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    private DataDirectory Open(LogKind log = LogKind.Files) =>
        DataDirectory.Open(Location, Cluster, Node, log);

    private DataDirectoryException AssertRefused(string expected) =>
        AssertRefused(expected, Cluster, Node);

    private DataDirectoryException AssertRefused(string expected, ClusterId cluster, NodeId node)
    {
        DataDirectoryException error = Assert.Throws<DataDirectoryException>(
            () => DataDirectory.Open(Location, cluster, node));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        return error;
    }
}
