namespace Synod.Abstractions;

/// <summary>A connection of a client to this node, in this boot.</summary>
public readonly record struct ConnectionId(long Number)
{
    /// <summary>As in <c>c7</c>.</summary>
    public override string ToString() => $"c{Number}";
}
