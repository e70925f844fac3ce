namespace Synod.Abstractions;

/// <summary>The log cannot be used: names what, where, and what to do. Nothing that was durable is
/// changed.</summary>
public sealed class LogException(string message, Exception? cause = null)
    : Exception(message, cause);
