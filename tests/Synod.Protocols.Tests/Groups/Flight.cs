using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups;

/// <summary>A frame on its way.</summary>
internal sealed record Flight(GroupMember From, GroupMember To, byte[] Frame, Instant Left);
