namespace Synod.Abstractions;

/// <summary>The name of a session: the epoch it was opened in and a random part. A client that
/// opens none has an implicit one.</summary>
public readonly record struct SessionId(uint Epoch, ulong Unique)
{
    /// <summary>As in <c>s0/00c0ffee00c0ffee</c>.</summary>
    public override string ToString() => $"s{Epoch}/{Unique:x16}";
}
