using Microsoft.Extensions.Logging;

namespace Synod.Hosting;

/// <summary>How a queue for a hook works.</summary>
/// <param name="QueueBytesMax">The most bytes that wait to be told.</param>
/// <param name="Logger">Hears of drops and exceptions.</param>
internal sealed record HookSettings(int QueueBytesMax, ILogger Logger);
