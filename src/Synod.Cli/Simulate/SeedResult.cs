using Synod.Simulation;

namespace Synod.Cli.Simulate;

/// <summary>What is kept of a run among many.</summary>
internal sealed record SeedResult(
    ulong Seed,
    Verdict Verdict,
    string Reason,
    long Steps,
    long Operations,
    IReadOnlyDictionary<string, long> Effects,
    IReadOnlyList<string> Knobs,
    TimeSpan VirtualTime,
    ulong TraceDigest)
{
    public static SeedResult Of(SimulationReport report) => new(
        report.Seed,
        report.Verdict,
        report.Reason,
        report.Steps,
        report.Operations,
        report.Effects,
        report.Knobs,
        report.VirtualTime,
        report.TraceDigest);
}
