namespace Synod.Kernel;

/// <summary>Follows the leader of its reign.</summary>
/// <param name="leader">Who leads; null if that is not known.</param>
public sealed class Following(Member? leader) : MemberRole
{
    /// <summary>Who leads; null if that is not known.</summary>
    public Member? Leader => leader;

    /// <summary>Reads that the leader is, or will be, asked about.</summary>
    public ReadBatches Reads { get; } = new();

    /// <inheritdoc/>
    public override Instant Due => Reads.Due;

    /// <inheritdoc/>
    public override void Digest(ref StateHash hash)
    {
        hash.Add(leader?.Index ?? -1);
        Reads.Digest(ref hash);
    }
}
