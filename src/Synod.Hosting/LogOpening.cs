namespace Synod.Hosting;

/// <summary>What a log of one's own is opened with, see <see cref="SynodOptions.Log"/>.</summary>
/// <param name="Directory">A directory that is there and is the log's.</param>
/// <param name="MustBeThere">Whether the log was opened there before. If it is gone now, it must be
/// refused and not begun anew: the node would have forgotten what it has promised under its
/// name.</param>
/// <param name="Wake">What the log calls, by any thread, when it is to be polled.</param>
public sealed record LogOpening(string Directory, bool MustBeThere, Action Wake);
