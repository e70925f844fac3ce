using Synod.Hosting;

namespace Synod.Adapters.Tests.Store;

/// <summary>A store whose calls end with the test.</summary>
internal sealed class TestStore(Registers store)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task<RegisterOutcome> PutAsync(string? key, byte[]? value, PutCall? how = null) =>
        store.PutAsync(key, value, how, Cancellation);

    public Task<RegisterOutcome> GetAsync(string? key, GetCall? how = null) =>
        store.GetAsync(key, how, Cancellation);

    public Task<RegisterOutcome> EndAsync(string? key, Generation generation) =>
        store.EndAsync(key, generation, null, Cancellation);

    public Task<RegisterOutcome> CreateBucketAsync(string? bucket) =>
        store.CreateBucketAsync(bucket, null, Cancellation);

    public Task<RegisterOutcome> OpenOwnerAsync(OwnerId owner, TimeSpan? time = null) =>
        store.OpenOwnerAsync(owner, time, null, Cancellation);

    public Task<RegisterOutcome> RenewOwnerAsync(
        OwnerId owner, TimeSpan time, RegisterCall? how = null) =>
        store.RenewOwnerAsync(owner, time, how, Cancellation);

    public Task<RegisterOutcome> EndOwnerAsync(OwnerId owner) =>
        store.EndOwnerAsync(owner, null, Cancellation);
}
