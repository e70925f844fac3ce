using Synod.Abstractions;

namespace Synod.Samples.Workloads;

/// <summary>Reads one register and writes another one, in one step; null if nobody has written the
/// first.</summary>
/// <param name="From">The one that is read.</param>
/// <param name="To">The one that is written.</param>
/// <param name="Value">What is written.</param>
public sealed record ReadAndWrite(string From, string To, long Value) : ICommand<long?>;
