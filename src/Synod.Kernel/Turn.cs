namespace Synod.Kernel;

/// <summary>What every input carries: the time. A kernel has no clock of its own.</summary>
public readonly record struct Turn(Instant Now);
