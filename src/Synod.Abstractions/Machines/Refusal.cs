namespace Synod.Abstractions;

/// <summary>A machine's answer that nothing changes: an ordinary result, the same on all
/// replicas.</summary>
/// <param name="Reason">What the client is told.</param>
public readonly record struct Refusal(string Reason);
