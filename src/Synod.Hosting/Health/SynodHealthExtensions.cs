using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Synod.Hosting;

/// <summary>Adds the health of a node to a host.</summary>
public static class SynodHealthExtensions
{
    /// <summary>Adds three checks for the node of <c>AddSynod</c>, each with a tag of the same last
    /// word: <c>synod-live</c> (the node has not ended), <c>synod-ready</c> (it serves; degraded
    /// while its storage is low) and <c>synod-quorum</c> (it knows a leader, so that commands can
    /// be ordered). An alarm never fails <c>synod-live</c>: a restart would not help.</summary>
    public static IHealthChecksBuilder AddSynod(this IHealthChecksBuilder checks)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks
            .Add(Check("live", static node => node.Live()))
            .Add(Check("ready", static node => node.Ready()))
            .Add(Check("quorum", static node => node.Quorum()));
    }

    private static HealthCheckRegistration Check(
        string name, Func<SynodNode, HealthCheckResult> check) => new(
            $"synod-{name}",
            provider => new NodeCheck(provider.GetRequiredService<SynodNode>(), check),
            failureStatus: null,
            tags: [name]);

    private sealed class NodeCheck(
        SynodNode node, Func<SynodNode, HealthCheckResult> check) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(check(node));
    }
}
