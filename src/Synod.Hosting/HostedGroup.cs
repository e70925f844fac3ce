using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>A group that a node serves, as its meter and its health see it.</summary>
/// <param name="Id">The group.</param>
/// <param name="Counters">What happens in it.</param>
/// <param name="Hooks">What stands before its hook; null if it has none.</param>
internal sealed record HostedGroup(GroupId Id, GroupCounters Counters, HookQueue? Hooks);
