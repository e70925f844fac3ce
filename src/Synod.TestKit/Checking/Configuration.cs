namespace Synod.TestKit;

/// <summary>A point of a search: the state, and which operations of those that go on have taken
/// effect already.</summary>
internal sealed record Configuration<TState>(TState State, IReadOnlyList<Operation> Done);
