using Synod.Kernel;

namespace Synod.Storage;

/// <summary>Whose data a directory holds, and how often a process was started on it.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Member">The node and the incarnation of the directory.</param>
/// <param name="Boot">The number of the last process start.</param>
/// <param name="Log">The log that was opened in it.</param>
public readonly record struct DataDirectoryIdentity(
    ClusterId Cluster, MemberIdentity Member, Boot Boot, LogKind Log);
