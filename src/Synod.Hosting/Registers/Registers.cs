using System.Collections.Concurrent;

namespace Synod.Hosting;

/// <summary>The write-once store over a client of a group that runs
/// <see cref="WriteOnce"/>.</summary>
public sealed class Registers : IRegisters
{
    // A bucket stays for ever, so one that was there is there.
    private readonly ConcurrentDictionary<string, bool> _buckets =
        new() { [RegisterCall.DefaultBucket] = true };

    private readonly IRegisterPort _port;
    private readonly RegisterLives _lives;

    /// <summary>A store over a client.</summary>
    /// <param name="client">A client whose machine is a <see cref="WriteOnce"/>; the store does not
    /// dispose of it.</param>
    public Registers(SynodClient client)
        : this(new ClientRegisterPort(client ?? throw new ArgumentNullException(nameof(client))))
    {
    }

    /// <summary>A store over anything that is like a client.</summary>
    /// <param name="port">What it asks.</param>
    public Registers(IRegisterPort port)
    {
        ArgumentNullException.ThrowIfNull(port);
        _port = port;
        _lives = new RegisterLives(port);
    }

    /// <inheritdoc/>
    public Task<RegisterOutcome> PutAsync(
        string? key,
        byte[]? value,
        PutCall? how = null,
        CancellationToken cancellation = default)
    {
        PutCall call = how ?? new PutCall();
        return RunAsync(call, budget => PutAsync((key, value), call, budget), cancellation);
    }

    /// <inheritdoc/>
    public Task<RegisterOutcome> GetAsync(
        string? key, GetCall? how = null, CancellationToken cancellation = default)
    {
        GetCall call = how ?? new GetCall();
        return RunAsync(call, budget => GetAsync(key, call, budget), cancellation);
    }

    /// <inheritdoc/>
    public Task<RegisterOutcome> EndAsync(
        string? key,
        Generation generation,
        RegisterCall? how = null,
        CancellationToken cancellation = default)
    {
        RegisterCall call = how ?? new RegisterCall();
        return RunAsync(call, budget => EndAsync((key, generation), call, budget), cancellation);
    }

    /// <inheritdoc/>
    public Task<RegisterOutcome> CreateBucketAsync(
        string? bucket, RegisterCall? how = null, CancellationToken cancellation = default) =>
        RunAsync(
            how,
            async budget => RegisterChecks.OfBucket(bucket) ?? await _lives
                .PutAsync(RegisterNames.BucketKey(bucket ?? ""), new PutOnce(default), budget)
                .ConfigureAwait(false),
            cancellation);

    /// <inheritdoc/>
    public Task<RegisterOutcome> OpenOwnerAsync(
        OwnerId owner,
        TimeSpan? time = null,
        RegisterCall? how = null,
        CancellationToken cancellation = default) =>
        RunAsync(
            how,
            async budget => RegisterChecks.OfOwner(owner)
                ?? OfOwner(owner, await OpenAsync(owner, time, budget).ConfigureAwait(false)),
            cancellation);

    /// <inheritdoc/>
    public Task<RegisterOutcome> RenewOwnerAsync(
        OwnerId owner,
        TimeSpan time,
        RegisterCall? how = null,
        CancellationToken cancellation = default) =>
        RunAsync(
            how,
            async budget => RegisterChecks.OfOwner(owner) ?? OfOwner(owner, await _lives
                .RenewAsync(RegisterNames.OwnerKey(owner), null, time, budget)
                .ConfigureAwait(false)),
            cancellation);

    /// <inheritdoc/>
    public Task<RegisterOutcome> EndOwnerAsync(
        OwnerId owner, RegisterCall? how = null, CancellationToken cancellation = default) =>
        RunAsync(
            how,
            async budget => RegisterChecks.OfOwner(owner) ?? await _lives
                .EndAsync(RegisterNames.OwnerKey(owner), new EndKey(null), budget)
                .ConfigureAwait(false),
            cancellation);

    private async Task<RegisterOutcome> RunAsync(
        RegisterCall? how,
        Func<CallBudget, Task<RegisterOutcome>> run,
        CancellationToken cancellation)
    {
        RegisterCall call = how ?? new RegisterCall();
        CallBudget budget = CallBudget.Of(call, _port, cancellation);
        RegisterOutcome outcome = await run(budget).ConfigureAwait(false);
        return outcome is RegisterOutcome.NoQuorum none && call.NoQuorum == NoQuorumPolicy.Fail
            ? throw new NoQuorumException(none)
            : outcome;
    }

    private async Task<RegisterOutcome> PutAsync(
        (string? Key, byte[]? Value) asked, PutCall call, CallBudget budget)
    {
        RegisterOutcome? fault = RegisterChecks.OfValue(asked.Value)
            ?? RegisterChecks.OfLifetime(call)
            ?? await FaultAsync(asked.Key, call, budget).ConfigureAwait(false);
        if (fault is not null)
            return fault;

        (Lifetime lifetime, fault) = await _lives.BeginAsync(call, budget).ConfigureAwait(false);
        if (fault is not null)
            return fault;

        string key = RegisterNames.KeyOf(call.Bucket, asked.Key ?? "");
        return await _lives
            .PutAsync(key, new PutOnce(asked.Value, lifetime), budget).ConfigureAwait(false);
    }

    private async Task<RegisterOutcome> GetAsync(string? key, GetCall call, CallBudget budget)
    {
        if (await FaultAsync(key, call, budget).ConfigureAwait(false) is RegisterOutcome fault)
            return fault;

        RegisterOutcome found = await _lives
            .LookAsync(RegisterNames.KeyOf(call.Bucket, key ?? ""), budget).ConfigureAwait(false);
        return found is RegisterOutcome.NotFound && call.Default is ReadOnlyMemory<byte> wanted
            ? new RegisterOutcome.Fallback(wanted)
            : found;
    }

    private async Task<RegisterOutcome> EndAsync(
        (string? Key, Generation Generation) asked, RegisterCall call, CallBudget budget)
    {
        if (await FaultAsync(asked.Key, call, budget).ConfigureAwait(false) is { } fault)
            return fault;

        string key = RegisterNames.KeyOf(call.Bucket, asked.Key ?? "");
        return await _lives
            .EndAsync(key, new EndKey(asked.Generation), budget).ConfigureAwait(false);
    }

    private async Task<RegisterOutcome> OpenAsync(
        OwnerId owner, TimeSpan? time, CallBudget budget)
    {
        (long? until, RegisterOutcome? fault) =
            await _lives.AfterAsync(time, budget).ConfigureAwait(false);
        PutOnce put = new(default, new Lifetime { Until = until });
        return fault ?? await _lives
            .PutAsync(RegisterNames.OwnerKey(owner), put, budget).ConfigureAwait(false);
    }

    // Whatever keeps the name of an owner from being there: it has ended.
    private static RegisterOutcome OfOwner(OwnerId owner, RegisterOutcome outcome) =>
        outcome is RegisterOutcome.NotFound
            or RegisterOutcome.Refused { Reason: RegisterRefusal.NotUnderstood }
            or RegisterOutcome.Refused { Reason: RegisterRefusal.PastTime }
            ? new RegisterOutcome.Refused(RegisterRefusal.DeadOwner, $"{owner} does not live.")
            : outcome;

    private async Task<RegisterOutcome?> FaultAsync(
        string? key, RegisterCall call, CallBudget budget)
    {
        if (RegisterChecks.OfKey(call.Bucket, key) is RegisterOutcome.Refused fault)
            return fault;
        if (_buckets.ContainsKey(call.Bucket))
            return null;

        RegisterOutcome found = await _lives
            .LookAsync(RegisterNames.BucketKey(call.Bucket), budget).ConfigureAwait(false);
        if (found is RegisterOutcome.NotFound)
        {
            return new RegisterOutcome.Refused(
                RegisterRefusal.UnknownBucket, $"Nobody has created the bucket {call.Bucket}.");
        }

        if (found is not RegisterOutcome.Chosen)
            return found;

        _buckets[call.Bucket] = true;
        return null;
    }
}
