namespace Synod.Kernel;

/// <summary>What a member of a group with one leader is at the moment, with the state that only
/// this role has.</summary>
public abstract class MemberRole
{
    /// <summary>When it has something to do of its own accord.</summary>
    public virtual Instant Due => Instant.Never;

    /// <summary>Adds all of it but times.</summary>
    public abstract void Digest(ref StateHash hash);
}
