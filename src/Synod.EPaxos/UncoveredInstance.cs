namespace Synod.EPaxos;

/// <summary>An instance that conflicts with a recovered one, and neither is ordered before the
/// other.</summary>
internal readonly record struct UncoveredInstance(InstanceId Id, bool IsCommitted)
{
    public override string ToString() => IsCommitted ? $"{Id}!" : $"{Id}";
}
