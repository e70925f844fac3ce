using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>Ends one life of a key, if it is the present one: from then on the key can be put anew,
/// in a later generation. The result is the state of the key. One that is over already is left as
/// it is; one that has not begun is refused.</summary>
/// <param name="Generation">Which life; null means whichever is the present one.</param>
/// <param name="Clock">What the clocks of a majority have shown, in milliseconds since 1970, if
/// that is why it ends: then it ends only if its time has passed by them, so that one that was
/// renewed meanwhile goes on. Null: whatever its time is.</param>
public sealed record EndKey(Generation? Generation, long? Clock = null)
    : ICommand<WriteOnceEntry>;
