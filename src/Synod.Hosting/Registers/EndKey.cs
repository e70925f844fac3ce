using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>Ends one life of a key, if it is the present one: from then on the key can be put anew,
/// in a later generation. The result is the state of the key. One that is over already is left as
/// it is; one that has not begun is refused.</summary>
/// <param name="Generation">Which life.</param>
public sealed record EndKey(Generation Generation) : ICommand<WriteOnceEntry>;
