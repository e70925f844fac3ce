namespace Synod.TestKit;

/// <summary>What became of the operations on one key; a violation if they are exhausted.</summary>
internal sealed record PartitionResult(SearchOutcome Outcome, Violation? Violation);
