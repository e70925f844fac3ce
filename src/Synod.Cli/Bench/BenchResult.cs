namespace Synod.Cli.Bench;

/// <summary>A row and what it means nothing without.</summary>
/// <param name="Setting">The cluster.</param>
/// <param name="Machine">What the machine could do at best just before.</param>
/// <param name="Row">What was measured.</param>
internal sealed record BenchResult(BenchSetting Setting, MachineFacts Machine, BenchRow Row);
