using Microsoft.Extensions.Logging;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Transport;

namespace Synod.Hosting;

/// <summary>Writes what happens on a node to its log.</summary>
internal sealed class NodeNotices(ILogger logger) : INodeNotices, ITransportEvents
{
    public void Created(GroupId group, EpochDescriptor epoch) =>
        logger.Created(group, epoch.Id, epoch.Protocol, string.Join(", ", epoch.Members));

    public void RoleChanged(GroupId group, KernelStatus status, NodeId? leader) =>
        logger.RoleChanged(group, status.Role, status.Term, leader?.ToString() ?? "unknown");

    public void Violated(GroupId group, NodeId peer, string rule) =>
        logger.Violated(group, peer, rule);

    public void PressureChanged(StoragePressure pressure) => logger.PressureChanged(pressure);

    public void Refused(GroupId group, string reason) => logger.Refused(group, reason);

    public void Noticed(in TransportNotice notice)
    {
        bool isTrouble = notice.Kind is NoticeKind.Refused
            or NoticeKind.RefusedByPeer
            or NoticeKind.AcceptFailed
            or NoticeKind.QueueFull;
        if (isTrouble)
            logger.NetworkRefused(notice.Text);
        else
            logger.Network(notice.Text);
    }
}
