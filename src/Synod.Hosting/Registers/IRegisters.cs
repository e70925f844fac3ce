namespace Synod.Hosting;

/// <summary>A write-once store: the first value that is put is the value of its key, for
/// everybody, until its life ends. Linearizable for each key. Safe for use from several
/// threads.</summary>
/// <remarks>Outcomes are values; the only exceptions are <see cref="NoQuorumException"/>, where the
/// call asks for it, and <see cref="OperationCanceledException"/>, after which it is unknown
/// whether a change takes effect.</remarks>
public interface IRegisters
{
    /// <summary>Puts a value if the key has none. Every put of a key is answered the same chosen
    /// value, whoever has put it, as long as its life goes on.</summary>
    /// <param name="key">1 to 1024 bytes of UTF-8, less the bucket and one.</param>
    /// <param name="value">At most 64 KiB; may be empty.</param>
    /// <param name="how">The bucket, how long the value stays, and what to do without a
    /// quorum.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Chosen, no quorum, or refused.</returns>
    Task<RegisterOutcome> PutAsync(
        string? key,
        byte[]? value,
        PutCall? how = null,
        CancellationToken cancellation = default);

    /// <summary>The value of a key, with what it lives with. A change that somebody else has begun
    /// and left is finished. A value whose life is over is never answered: the first who finds that
    /// ends it for all.</summary>
    /// <returns>Chosen, the default of the call or not found, no quorum, or refused.</returns>
    Task<RegisterOutcome> GetAsync(
        string? key, GetCall? how = null, CancellationToken cancellation = default);

    /// <summary>Ends a life of a key, if it is the present one; the key can then be put
    /// anew.</summary>
    /// <param name="key">The key.</param>
    /// <param name="generation">Which life, from <see cref="RegisterValue.Generation"/>.</param>
    /// <param name="how">The bucket, and what to do without a quorum.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Not found once it has ended; chosen, with the value of now, where a later life has
    /// begun; no quorum; or refused.</returns>
    Task<RegisterOutcome> EndAsync(
        string? key,
        Generation generation,
        RegisterCall? how = null,
        CancellationToken cancellation = default);

    /// <summary>Creates a bucket; one that is there already is left as it is. It stays for
    /// ever.</summary>
    /// <param name="bucket">1 to 64 letters, digits, dots, dashes and underscores of ASCII.</param>
    /// <param name="how">What to do without a quorum; its bucket does not count.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Chosen, no quorum, or refused.</returns>
    Task<RegisterOutcome> CreateBucketAsync(
        string? bucket, RegisterCall? how = null, CancellationToken cancellation = default);

    /// <summary>Begins the life of an owner; to repeat it changes nothing.</summary>
    /// <param name="owner">A name that nobody else has: <see cref="OwnerId.New"/>.</param>
    /// <param name="time">For how long it lives without <see cref="RenewOwnerAsync"/>, by the
    /// clocks of a majority of the nodes. Null: until it is ended.</param>
    /// <param name="how">What to do without a quorum; its bucket does not count.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Chosen, no quorum, or refused as <see cref="RegisterRefusal.DeadOwner"/> if it has
    /// ended already.</returns>
    Task<RegisterOutcome> OpenOwnerAsync(
        OwnerId owner,
        TimeSpan? time = null,
        RegisterCall? how = null,
        CancellationToken cancellation = default);

    /// <summary>Gives an owner that was opened with a time that much from now.</summary>
    /// <returns>Chosen, no quorum, or refused as <see cref="RegisterRefusal.DeadOwner"/>.</returns>
    Task<RegisterOutcome> RenewOwnerAsync(
        OwnerId owner,
        TimeSpan time,
        RegisterCall? how = null,
        CancellationToken cancellation = default);

    /// <summary>Ends an owner for ever, and with it all that lives with it. One that was never
    /// opened can then not be opened any more.</summary>
    /// <returns>Not found, since it is there no more; no quorum; or refused.</returns>
    Task<RegisterOutcome> EndOwnerAsync(
        OwnerId owner, RegisterCall? how = null, CancellationToken cancellation = default);
}
