namespace Synod.Hosting;

/// <summary>How a value is put, and how long it stays if it is the chosen one: while all that is
/// named here lives. Without any it stays for ever.</summary>
public sealed record PutCall : RegisterCall
{
    /// <summary>Its owner, opened with <see cref="IRegisters.OpenOwnerAsync"/>.</summary>
    public OwnerId? Owner { get; init; }

    /// <summary>A node: until it stops, or restarts, or its time is over because it is not heard
    /// of.</summary>
    public int? Node { get; init; }

    /// <summary>A bucket and a key in it: the present life of that key.</summary>
    public (string Bucket, string Key)? Key { get; init; }

    /// <summary>A time, by the clocks of a majority of the nodes; at most 1 ms early or late of
    /// those.</summary>
    public DateTimeOffset? Until { get; init; }
}
