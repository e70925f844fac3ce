namespace Synod.Hosting;

/// <summary>What a call does while no majority answers.</summary>
public enum NoQuorumPolicy
{
    /// <summary>It tries for the time limit, by default that of the client, and then the outcome
    /// says that there is no quorum.</summary>
    Return,

    /// <summary>The same, but it throws <see cref="NoQuorumException"/>.</summary>
    Fail,

    /// <summary>It waits until there is one; only if there is a time limit, the outcome says at its
    /// end that there is none.</summary>
    Wait,
}
