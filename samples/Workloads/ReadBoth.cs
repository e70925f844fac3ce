using Synod.Abstractions;

namespace Synod.Samples.Workloads;

/// <summary>Reads two registers at one moment.</summary>
/// <param name="First">The one.</param>
/// <param name="Second">The other one.</param>
public sealed record ReadBoth(string First, string Second) : IQuery<(long? First, long? Second)>;
