using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What the replica says of itself when it is asked.</summary>
internal sealed partial class Replica
{
    private ReplicaStatus StatusAt(Instant now)
    {
        ReplicaStatus status = StatusOfNode(now);
        if (_kernel is null)
            return status;

        KernelSurvey survey = _kernel.Survey(now);
        return status with
        {
            Durable = survey.Durable,
            FirstKept = survey.FirstKept,
            Snapshot = survey.Snapshot,
            Unresponsive = survey.Unresponsive is MemberSet silent ? NodesOf(silent) : null,
        };
    }

    private ReplicaStatus StatusOfNode(Instant now)
    {
        KernelStatus kernel = KernelStatusNow;
        EpochDescriptor? epoch = _epoch ?? _creation.Epoch;
        return new ReplicaStatus
        {
            Group = _options.Id,
            Node = _host.Node.Identity.Member.Node,
            Incarnation = _host.Node.Identity.Member.Incarnation,
            Boot = _host.Node.Identity.Boot,
            Life = _life.Number,
            Uptime = now - _host.Started,
            Clock = _host.Node.WallClock?.Invoke(),
            Role = kernel.Role,
            Leader = LeaderNow ?? default,
            Protocol = epoch?.Protocol ?? "",
            Epoch = epoch?.Id ?? default,
            Members = epoch?.Members ?? [],
            Machine = epoch?.Parameters.Machine ?? _options.Machine.Name,
            MachineVersion = epoch?.Parameters.MachineVersion ?? _options.Machine.Version,
            MachineFailure = _machineFailure,
            Durability = epoch?.Parameters.Durability ?? _options.Durability,
            Term = kernel.Term,
            Last = kernel.Last,
            Committed = kernel.Committed,
            Applied = _store.Applied,
            Digest = _store.Digest,
            Sessions = _store.Sessions,
            Watches = _watches?.Count ?? 0,
            PendingRequests = _pending.Count,
            PendingBytes = _pending.Bytes,
            Pressure = _host.Log.Pressure,
            Health = kernel.Health,
            Log = _host.Log.Status,
            Poison = _host.Log.Poison?.Message,
        };
    }

    private void AnswerStatus(Instant now, in PendingRequest request)
    {
        FrameBuffer status = new();
        StatusAt(now).WriteTo(status);
        Reply(request, ResponseKind.Applied, status.Written);
    }

    private NodeId[] NodesOf(MemberSet members)
    {
        NodeId[] nodes = new NodeId[members.Count];
        int count = 0;
        foreach (Member member in members)
            nodes[count++] = NodeOf(member);
        return nodes;
    }
}
