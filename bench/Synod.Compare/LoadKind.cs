namespace Synod.Compare;

/// <summary>The loads by which clusters are compared.</summary>
internal enum LoadKind
{
    /// <summary>All clients write, again as soon as they are answered.</summary>
    Puts,

    /// <summary>One client writes.</summary>
    OnePut,

    /// <summary>All clients read linearizably.</summary>
    Reads,
}
