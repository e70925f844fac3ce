namespace Synod.Abstractions;

/// <summary>All that a command may know besides the state it changes. There is no clock, no
/// randomness and no position in a log: replicas would disagree on them.</summary>
/// <param name="Identity">The identity of the command.</param>
/// <param name="MachineVersion">The version of the machine that the epoch agreed on.</param>
public readonly record struct ApplyContext(CommandIdentity Identity, int MachineVersion);
