using Synod.Abstractions;

namespace Synod.Storage;

/// <summary>A run of intact frames that continue each other, or a damaged range.</summary>
/// <param name="Segment">The index of the segment in which it begins.</param>
/// <param name="Offset">Where in the segment.</param>
/// <param name="Frames">How many frames; zero if it is damaged.</param>
/// <param name="Damage">What is damaged; null if nothing is.</param>
internal sealed record LogExtent(int Segment, long Offset, long Frames, LogDamage? Damage);
