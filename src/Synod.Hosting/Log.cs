using Microsoft.Extensions.Logging;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>What a node logs. Event ids are for ever.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Node {Node} of cluster {Cluster} at {Endpoint}")]
    public static partial void Started(
        this ILogger logger, NodeId node, string cluster, string endpoint);

    [LoggerMessage(2, LogLevel.Information, "Node {Node} stopped")]
    public static partial void Stopped(this ILogger logger, NodeId node);

    [LoggerMessage(3, LogLevel.Critical, "Node {Node} ends: {Reason}")]
    public static partial void Failed(this ILogger logger, NodeId node, string reason);

    [LoggerMessage(4, LogLevel.Information, "Data in {Directory}, {Boot}; {Recovered}")]
    public static partial void Opened(
        this ILogger logger, string directory, Boot boot, string recovered);

    [LoggerMessage(
        5,
        LogLevel.Warning,
        "Durability is {Durability}: what is acknowledged here may be lost with machines or "
        + "processes")]
    public static partial void NotOnDisk(this ILogger logger, string durability);

    [LoggerMessage(10, LogLevel.Information, "{Group} serves in {Epoch}, members {Members}")]
    public static partial void Created(
        this ILogger logger, GroupId group, string epoch, string members);

    [LoggerMessage(11, LogLevel.Information, "{Group}: {Role}, leader {Leader}")]
    public static partial void RoleChanged(
        this ILogger logger, GroupId group, string role, string leader);

    [LoggerMessage(12, LogLevel.Error, "{Group}: {Peer} violated a rule and was ignored: {Rule}")]
    public static partial void Violated(
        this ILogger logger, GroupId group, NodeId peer, string rule);

    [LoggerMessage(13, LogLevel.Error, "{Group}: {Reason}")]
    public static partial void Refused(this ILogger logger, GroupId group, string reason);

    [LoggerMessage(
        14,
        LogLevel.Warning,
        "Storage pressure is {Pressure} "
        + "(High: new commands are refused, reads go on; Full: entries of others too)")]
    public static partial void PressureChanged(this ILogger logger, StoragePressure pressure);

    [LoggerMessage(
        15,
        LogLevel.Error,
        "The log is damaged at {Place}. Its bytes stay as they are; intact records are used. "
        + "Check the disk")]
    public static partial void Damaged(this ILogger logger, string place);

    [LoggerMessage(
        16,
        LogLevel.Warning,
        "The log is damaged at {Place}, and no record is hurt. Check the disk")]
    public static partial void Scratched(this ILogger logger, string place);

    [LoggerMessage(
        17, LogLevel.Error, "{Group}: its records {From} to {Through} are lost in the damage")]
    public static partial void RecordsLost(
        this ILogger logger, GroupId group, long from, long through);

    [LoggerMessage(
        18,
        LogLevel.Warning,
        "{Group}: this member does not lead and is not counted until the leader has repaired it. "
        + "Nothing is to be done, but until then the group bears fewer failures")]
    public static partial void NeedsRepair(this ILogger logger, GroupId group);

    [LoggerMessage(19, LogLevel.Information, "{Group}: this member is repaired and counts again")]
    public static partial void Repaired(this ILogger logger, GroupId group);

    [LoggerMessage(
        25,
        LogLevel.Error,
        "{Group}: what this member has promised is lost in the damage, as if its disk was wiped. "
        + "It takes in what the others decide, and has no vote. Remove it and add it anew")]
    public static partial void Voiceless(this ILogger logger, GroupId group);

    [LoggerMessage(20, LogLevel.Information, "Network: {Text}")]
    public static partial void Network(this ILogger logger, string text);

    [LoggerMessage(21, LogLevel.Warning, "Network: {Text}")]
    public static partial void NetworkRefused(this ILogger logger, string text);

    [LoggerMessage(22, LogLevel.Warning, "{Peer} is connected and silent: it counts as gone")]
    public static partial void Silent(this ILogger logger, PeerIdentity peer);

    [LoggerMessage(23, LogLevel.Information, "{Peer} is heard again")]
    public static partial void HeardAgain(this ILogger logger, PeerIdentity peer);

    [LoggerMessage(
        30,
        LogLevel.Warning,
        "{Group}: the client of connection {Client} violated a rule and was refused: {Rule}")]
    public static partial void Misused(
        this ILogger logger, GroupId group, ConnectionId client, string rule);

    [LoggerMessage(31, LogLevel.Error, "{Group}: the leader hook failed; the group goes on")]
    public static partial void HookFailed(
        this ILogger logger, Exception failure, GroupId group);

    [LoggerMessage(
        32,
        LogLevel.Warning,
        "{Group}: {BytesMax} bytes wait for the leader hook; what happens now is not told to it")]
    public static partial void HookFull(this ILogger logger, GroupId group, int bytesMax);

    [LoggerMessage(
        33,
        LogLevel.Warning,
        "Node {Node}: the disk stalled: a flush of {Records} records took {Milliseconds} ms")]
    public static partial void DiskStalled(
        this ILogger logger, NodeId node, long milliseconds, long records);

    [LoggerMessage(34, LogLevel.Information, "{Group}: steps down, the term is {Term}")]
    public static partial void SteppedDown(this ILogger logger, GroupId group, long term);

    [LoggerMessage(
        35,
        LogLevel.Error,
        "{Group}: its replica has crashed and begins anew in {Milliseconds} ms; the rest of the "
        + "node goes on")]
    public static partial void Crashed(
        this ILogger logger, Exception failure, GroupId group, long milliseconds);

    [LoggerMessage(
        36,
        LogLevel.Critical,
        "{Group}: its replica has crashed again and again and is stopped; the rest of the node "
        + "goes on. Restart the process when the cause is mended")]
    public static partial void Stopped(this ILogger logger, Exception failure, GroupId group);

    [LoggerMessage(
        37, LogLevel.Warning, "Node {Node}, {Group}: the {Part} was made to crash and begins anew")]
    public static partial void PartCrashed(
        this ILogger logger, NodeId node, GroupId group, NodePart part);

    [LoggerMessage(38, LogLevel.Warning, "Values cannot live with this node: {Why}")]
    public static partial void TenureRefused(this ILogger logger, string why);
}
