namespace Synod.Cli.Bench;

/// <summary>The cluster of a row, and how long the values are that it is given.</summary>
internal sealed record BenchSetting(string Protocol, int Nodes, int Groups, int PayloadBytes);
