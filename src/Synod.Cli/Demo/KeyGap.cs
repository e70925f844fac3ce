namespace Synod.Cli.Demo;

/// <summary>How long a key was not served after a kill.</summary>
/// <param name="Time">From the kill to the first success of a call that began after it.</param>
/// <param name="IsElsewhere">Whether no client of the killed node uses it, so that nothing on it
/// can conflict with what the node has left undecided.</param>
internal readonly record struct KeyGap(TimeSpan Time, bool IsElsewhere);
