using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A frame on its way between two members of a group.</summary>
internal sealed record GroupFlight(Member From, Member To, byte[] Frame);
