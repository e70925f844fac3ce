namespace Synod.Hosting;

/// <summary>Whom a node waits for when it starts.</summary>
public enum StartCondition
{
    /// <summary>Nobody: calls wait instead, or are told that there is no quorum.</summary>
    None,

    /// <summary>A majority of the members of each of its groups. Groups that are not created yet
    /// need all their members once.</summary>
    Minimum,

    /// <summary>All members of each of its groups.</summary>
    All,
}
