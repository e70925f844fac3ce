using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Hears of what happens on a node, for logs. Called by the thread of the shard; must not
/// block.</summary>
public interface INodeNotices
{
    /// <summary>The group has its first epoch here.</summary>
    void Created(GroupId group, EpochDescriptor epoch);

    /// <summary>The replica plays another role, or knows another leader or term.</summary>
    void RoleChanged(GroupId group, KernelStatus status, NodeId? leader);

    /// <summary>A peer sent what no correct peer sends; it was ignored.</summary>
    void Violated(GroupId group, NodeId peer, string rule);

    /// <summary>A client sent what no correct client sends; it was told so and nothing was
    /// done.</summary>
    void Misused(GroupId group, ConnectionId client, string rule)
    {
    }

    /// <summary>A key has another state here, of a protocol without an order. Of several states in
    /// a row some may be left out.</summary>
    /// <param name="group">The group.</param>
    /// <param name="key">The key.</param>
    /// <param name="version">How often its state has become another.</param>
    /// <param name="state">The state; valid during the call.</param>
    void Learned(
        GroupId group, ReadOnlySpan<byte> key, long version, ReadOnlySpan<byte> state)
    {
    }

    /// <summary>The disk is as full as this from now on.</summary>
    void PressureChanged(StoragePressure pressure);

    /// <summary>A part of the log was durable and is damaged. Told once, before any
    /// group begins to live.</summary>
    void Damaged(LogDamage damage);

    /// <summary>Records of a group are in the damage. What it may still do, its role
    /// tells.</summary>
    void RecordsLost(in LostRecords lost);

    /// <summary>The group cannot be served here, or not created; says why and what to do.</summary>
    void Refused(GroupId group, string reason);

    /// <summary>An exception has ended the replica of a group, and only that; it begins anew from
    /// its records.</summary>
    /// <param name="group">The group.</param>
    /// <param name="failure">What has ended it.</param>
    /// <param name="restartsIn">After what time it begins anew, at the earliest; too long to count
    /// if it does not.</param>
    void Crashed(GroupId group, Exception failure, TimeSpan restartsIn)
    {
    }
}
