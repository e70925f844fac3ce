using System.Buffers.Binary;
using System.Security.Cryptography;
using Synod.Kernel;

namespace Synod.Storage;

/// <summary>The directory of a node: who it is, how often it was started, and its log. Locked from
/// opening to <see cref="Dispose"/>.</summary>
public sealed class DataDirectory : IDisposable
{
    private const string LogName = "log";

    private readonly DirectoryLock _lock;
    private readonly LogKind _kind;
    private DataDirectoryIdentity _identity;

    private DataDirectory(
        string path, DirectoryLock held, in DataDirectoryIdentity identity, LogKind kind)
    {
        Location = path;
        _lock = held;
        _kind = kind;
        _identity = identity;
    }

    /// <summary>The full path of the directory.</summary>
    public string Location { get; }

    /// <summary>The cluster of the node.</summary>
    public ClusterId Cluster => _identity.Cluster;

    /// <summary>The node and the incarnation of this directory.</summary>
    public MemberIdentity Identity => _identity.Member;

    /// <summary>The number of this process start, durable and one more than the last.</summary>
    public Boot Boot => _identity.Boot;

    /// <summary>Whether its log was opened before, by <see cref="KeepLog"/>. If so, a log that
    /// begins empty is not the same one.</summary>
    public bool HasLog => _identity.Log != LogKind.None;

    /// <summary>Where the log is; for <see cref="FileBlockDevice.Open"/>.</summary>
    public string LogPath => Path.Combine(Location, LogName);

    /// <summary>Opens the directory of a node, or makes it with a new incarnation, and counts the
    /// boot. Its parent must be there.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="cluster">Whose it must be, if it is there.</param>
    /// <param name="node">Whose it must be, if it is there.</param>
    /// <param name="log">Which log is to be opened in it.</param>
    /// <exception cref="DataDirectoryException">It is in use, not writable, damaged, of a newer
    /// release, of another cluster or node, or has another log.</exception>
    public static DataDirectory Open(
        string path, ClusterId cluster, NodeId node, LogKind log = LogKind.Files)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Libc.WhyNotDurable is { } reason)
            throw Unusable(full, reason);
        if (DurableFile.EnsureDirectory(full) is { } error)
            throw Unusable(full, $"{error}.");

        DirectoryLock held = DirectoryLock.Take(full);
        try
        {
            DataDirectoryIdentity identity = Begin(full, cluster, node, log);
            return new DataDirectory(full, held, identity, log);
        }
        catch (DataDirectoryException)
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Reads whose directory it is, without locking or changing it, for tools.</summary>
    /// <exception cref="DataDirectoryException">There is no identity, or it is damaged.</exception>
    public static DataDirectoryIdentity Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        return Find(full) ?? throw Unusable(
            full, "it has no identity file, so it is not the directory of a node.");
    }

    /// <summary>Makes <see cref="LogPath"/> for a log that does not make it itself, so that no loss
    /// of power takes the directory and leaves the identity.</summary>
    /// <exception cref="DataDirectoryException">It cannot be made.</exception>
    public void EnsureLogPath()
    {
        if (DurableFile.EnsureDirectory(LogPath) is { } error)
            throw Unusable(Location, $"{error}.");
    }

    /// <summary>Notes durably that its log is there: to be called when that is opened and before
    /// anything is appended. From now on no other log is opened in this directory.</summary>
    /// <exception cref="DataDirectoryException">It cannot be written.</exception>
    public void KeepLog()
    {
        if (HasLog)
            return;

        _identity = _identity with { Log = _kind };
        Write(Location, _identity);
    }

    /// <summary>Lets another process in.</summary>
    public void Dispose() => _lock.Dispose();

    private static DataDirectoryIdentity Begin(
        string path, ClusterId cluster, NodeId node, LogKind log)
    {
        DataDirectoryIdentity identity = Find(path) ?? Create(path, cluster, node);
        if (identity.Cluster != cluster)
        {
            throw Unusable(
                path, $"it belongs to cluster {identity.Cluster}, not to cluster {cluster}. Give "
                + "this node the directory it had before, or an empty one.");
        }

        if (identity.Member.Node != node)
        {
            throw Unusable(
                path, $"it belongs to node {identity.Member.Node}, not to node {node}. Give this "
                + "node the directory it had before, or an empty one.");
        }

        if (identity.Log != LogKind.None && identity.Log != log)
        {
            throw Unusable(
                path, $"its log is {Describe(identity.Log)}, and this node is configured for "
                + $"{Describe(log)}, which would begin empty. Nothing was changed. Configure the "
                + $"log that {Path.Combine(path, LogName)} is of; or remove this member and add it "
                + "anew with an empty directory.");
        }

        // Durable before anybody hears of it: a peer takes a boot that it has seen before for a
        // disk that was rolled back (safety §5.9).
        DataDirectoryIdentity next = identity with { Boot = new Boot(identity.Boot.Number + 1) };
        Write(path, next);
        return next;
    }

    private static string Describe(LogKind log) => log == LogKind.Own
        ? "one of the user's own (SynodOptions.Log)"
        : "the one that is shipped";

    private static void Write(string path, in DataDirectoryIdentity identity)
    {
        string file = Path.Combine(path, IdentityFile.Name);
        if (DurableFile.Replace(file, IdentityFile.Format(identity)) is { } error)
            throw Unusable(path, $"{error}.");
    }

    private static DataDirectoryIdentity? Find(string path)
    {
        string file = Path.Combine(path, IdentityFile.Name);
        try
        {
            return File.Exists(file) ? IdentityFile.Parse(file, File.ReadAllText(file)) : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException(
                $"{file} cannot be read: {cause.Message} Run the node as a user who may read it.",
                cause);
        }
    }

    private static DataDirectoryIdentity Create(string path, ClusterId cluster, NodeId node)
    {
        // A log without an identity has lost it. With a new incarnation on top, the node would read
        // the votes of another member as its own.
        string log = Path.Combine(path, LogName);
        if (Directory.Exists(log) && Directory.EnumerateFileSystemEntries(log).Any())
        {
            throw Unusable(
                path, $"it has a log and no {IdentityFile.Name} file. Put the file back; or remove "
                + "this member and add it anew with an empty directory.");
        }

        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        Incarnation incarnation = new(BinaryPrimitives.ReadUInt64LittleEndian(random));
        return new DataDirectoryIdentity(
            cluster, new MemberIdentity(node, incarnation), default, LogKind.None);
    }

    private static DataDirectoryException Unusable(string path, string why) =>
        new($"The data directory {path} cannot be used: {why}");
}
