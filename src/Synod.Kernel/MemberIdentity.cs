namespace Synod.Kernel;

/// <summary>Who a member of an epoch is: a node together with the incarnation of its disk. Votes
/// and acknowledgements count only from the exact pair (safety §5.9).</summary>
public readonly record struct MemberIdentity(NodeId Node, Incarnation Incarnation)
{
    /// <summary>As in <c>n3/00c0ffee00c0ffee</c>.</summary>
    public override string ToString() => $"{Node}/{Incarnation}";
}
