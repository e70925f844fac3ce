using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>Asks for the state of a key.</summary>
public sealed record GetOnce : IQuery<WriteOnceEntry>;
