using Synod.Runtime;

namespace Synod.Cli.Commands;

/// <summary>What a node said of itself, or why it said nothing.</summary>
internal sealed record NodeAnswer(string Address, ReplicaStatus? Status, string Trouble);
