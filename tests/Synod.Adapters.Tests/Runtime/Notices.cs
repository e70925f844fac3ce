using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Remembers what a node had to say.</summary>
internal sealed class Notices : INodeNotices
{
    private static readonly GroupId First = new(1);

    public List<string> Refusals { get; } = [];

    public List<string> Violations { get; } = [];

    public List<LogDamage> Damage { get; } = [];

    public List<LostRecords> Lost { get; } = [];

    public List<string> Misuses { get; } = [];

    public EpochDescriptor? Epoch { get; private set; }

    public KernelStatus Status { get; private set; }

    public StoragePressure Pressure { get; private set; }

    public void Created(GroupId group, EpochDescriptor epoch) =>
        Epoch = group == First ? epoch : Epoch;

    public void RoleChanged(GroupId group, KernelStatus status, NodeId? leader) =>
        Status = group == First ? status : Status;

    public void Violated(GroupId group, NodeId peer, string rule) =>
        Violations.Add($"{peer}: {rule}");

    public void Misused(GroupId group, ConnectionId client, string rule) => Misuses.Add(rule);

    public void PressureChanged(StoragePressure pressure) => Pressure = pressure;

    public void Damaged(LogDamage damage) => Damage.Add(damage);

    public void RecordsLost(in LostRecords lost) => Lost.Add(lost);

    /// <summary>After how many milliseconds each crashed replica was to begin anew.</summary>
    public List<double> Crashes { get; } = [];

    public void Crashed(GroupId group, Exception failure, TimeSpan restartsIn) =>
        Crashes.Add(restartsIn.TotalMilliseconds);

    public void Refused(GroupId group, string reason) => Refusals.Add(reason);
}
