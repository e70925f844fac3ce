using Microsoft.Extensions.Logging;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Transport;

namespace Synod.Hosting;

/// <summary>Writes what happens on a node to its log. What concerns groups comes from the thread of
/// their shard.</summary>
/// <param name="logger">Where it is written.</param>
/// <param name="groups">How many groups the node serves.</param>
internal sealed class NodeNotices(ILogger logger, int groups) : INodeNotices, ITransportEvents
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    private readonly long[] _noticed = new long[Enum.GetValues<NoticeKind>().Length];
    private readonly OncePerMinute<(GroupId, NodeId, string)> _violations =
        new(TimeProvider.System);

    private readonly OncePerMinute<(GroupId, string)> _misuses = new(TimeProvider.System);
    private readonly Dictionary<GroupId, Standing> _told = new(groups);

    public void Created(GroupId group, EpochDescriptor epoch) =>
        logger.Created(
            group, $"{epoch.Id} on {epoch.Protocol}", string.Join(", ", epoch.Members));

    // A member that cannot win campaigns again and again, which is no news.
    public void RoleChanged(GroupId group, KernelStatus status, NodeId? leader)
    {
        bool isFirst = !_told.TryGetValue(group, out Standing before);
        Standing now = new(status.Role, status.Health, status.Term, leader);
        _told[group] = now;
        if (before.Health != now.Health)
            HealthChanged(group, now.Health);
        if (!isFirst && before with { Health = now.Health } == now)
            return;

        if (before.Role == KernelRole.Leading && status.Role != KernelRole.Leading)
            logger.SteppedDown(group, status.Term);
        logger.RoleChanged(
            group, $"{status.Role} in term {status.Term}", leader?.ToString() ?? "unknown");
    }

    // A peer that lies may lie a hundred thousand times a second, and a client too.
    public void Violated(GroupId group, NodeId peer, string rule)
    {
        if (_violations.IsNews((group, peer, rule), out long untold))
            logger.Violated(group, peer, Told(rule, untold));
    }

    public void Misused(GroupId group, ConnectionId client, string rule)
    {
        if (_misuses.IsNews((group, rule), out long untold))
            logger.Misused(group, client, Told(rule, untold));
    }

    private static string Told(string rule, long untold) =>
        untold == 0 ? rule : $"{rule} ({untold} more times)";

    public void PressureChanged(StoragePressure pressure) => logger.PressureChanged(pressure);

    public void Refused(GroupId group, string reason) => logger.Refused(group, reason);

    /// <summary>A connected node is silent, or is heard again. Called by any thread.</summary>
    public void Judged(PeerIdentity peer, bool isHeard)
    {
        if (isHeard)
            logger.HeardAgain(peer);
        else
            logger.Silent(peer);
    }

    public void Damaged(LogDamage damage)
    {
        if (damage.LostMax > 0)
            logger.Damaged(damage.ToString());
        else
            logger.Scratched(damage.ToString());
    }

    public void RecordsLost(in LostRecords lost) =>
        logger.RecordsLost(lost.Group, lost.From.Number, lost.Through.Number);

    public void Crashed(GroupId group, Exception failure, TimeSpan restartsIn)
    {
        if (restartsIn > LongestDelay)
            logger.Stopped(failure, group);
        else
            logger.Crashed(failure, group, (long)restartsIn.TotalMilliseconds);
    }

    private void HealthChanged(GroupId group, KernelHealth health)
    {
        if (health == KernelHealth.Whole)
            logger.Repaired(group);
        else if (health == KernelHealth.Damaged)
            logger.NeedsRepair(group);
        else
            logger.Voiceless(group);
    }

    /// <summary>How often the network had something of this kind to say; for any
    /// thread.</summary>
    public long Count(NoticeKind kind) => Interlocked.Read(ref _noticed[(int)kind]);

    public void Noticed(in TransportNotice notice)
    {
        Interlocked.Increment(ref _noticed[(int)notice.Kind]);
        bool isTrouble = notice.Kind is NoticeKind.Refused
            or NoticeKind.RefusedByPeer
            or NoticeKind.AcceptFailed
            or NoticeKind.QueueFull;
        if (isTrouble)
            logger.NetworkRefused(notice.Text);
        else
            logger.Network(notice.Text);
    }

    /// <summary>What was told of a group last.</summary>
    private readonly record struct Standing(
        KernelRole Role, KernelHealth Health, long Term, NodeId? Leader);
}
