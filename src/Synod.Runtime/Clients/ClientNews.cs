using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What a client is told of a key that it watches.</summary>
/// <param name="Watch">The number of the watch.</param>
/// <param name="From">The node that serves it.</param>
/// <param name="News">What it tells.</param>
public readonly record struct ClientNews(long Watch, NodeId From, WatchNews News);
