namespace Synod.TestKit;

/// <summary>A log does not keep a promise of <see cref="Abstractions.ILog"/>: says which, with
/// which seed, and what was done before.</summary>
public sealed class LogConformanceException(string message, Exception? cause = null)
    : Exception(message, cause);
