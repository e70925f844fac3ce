using Synod.Kernel;

namespace Synod.Raft;

/// <summary>The newest entry of a log.</summary>
internal readonly record struct RaftLast(LogIndex Index, Term Term)
{
    public override string ToString() => $"{Index} {Term}";
}
