using Synod.Kernel;

namespace Synod.Protocols.Tests.Raft;

/// <summary>A frame on its way.</summary>
internal sealed record RaftFlight(RaftMember From, RaftMember To, byte[] Frame, Instant Left);
