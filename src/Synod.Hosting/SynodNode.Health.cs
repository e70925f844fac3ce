using Microsoft.Extensions.Diagnostics.HealthChecks;
using Synod.Kernel;

namespace Synod.Hosting;

/// <content>What health checks ask; answered from plain numbers, so that a busy node answers
/// too.</content>
public sealed partial class SynodNode
{
    internal HealthCheckResult Live()
    {
        if (Ended.IsFaulted)
            return HealthCheckResult.Unhealthy(Ended.Exception.InnerException?.Message);

        return Ended.IsCompleted ? Sick("The node has stopped.") : HealthCheckResult.Healthy();
    }

    internal HealthCheckResult Ready()
    {
        if (Trouble() is HealthCheckResult trouble)
            return trouble;

        foreach (HostedGroup group in _groups)
        {
            if (group.Counters.IsStopped)
                return Sick($"{group.Id} is stopped: {group.Counters.LastCrash}");
            if (!group.Counters.IsServing)
                return Sick($"{group.Id} is not created: members are missing.");
            if (group.Counters.IsMachineStopped)
                return Sick($"The machine of {group.Id} was stopped by an exception.");
        }

        StoragePressure pressure = _counters.Pressure;
        return pressure == StoragePressure.None
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"The storage pressure is {pressure}.");
    }

    internal HealthCheckResult Quorum()
    {
        if (Trouble() is HealthCheckResult trouble)
            return trouble;

        foreach (HostedGroup group in _groups)
        {
            bool isOrdered = group.Counters.Role == KernelRole.Serving
                ? _quorums[group.Id].Status.HasQuorum
                : group.Counters.Leader != default(NodeId);
            if (!isOrdered && group.Counters.Role == KernelRole.Serving)
                return Sick($"No majority of {group.Id} is heard: its commands are not done.");
            if (!isOrdered)
                return Sick($"No leader of {group.Id} is known: its commands are not ordered.");
        }

        return HealthCheckResult.Healthy();
    }

    private HealthCheckResult? Trouble()
    {
        if (!_isStarted)
            return Sick("The node is not started.");

        return Live() is { Status: HealthStatus.Unhealthy } dead ? dead : null;
    }

    private static HealthCheckResult Sick(string why) => HealthCheckResult.Unhealthy(why);
}
