namespace Synod.Abstractions;

/// <summary>A connection of a client to this node, in this boot.</summary>
/// <param name="Number">No two connections have the same.</param>
/// <param name="Role">What its client may do, as its certificate says; without TLS
/// everything.</param>
public readonly record struct ConnectionId(long Number, ClientRole Role)
{
    /// <summary>As in <c>c7</c>.</summary>
    public override string ToString() => $"c{Number}";
}
