using Google.Protobuf;

namespace Synod.Etcd;

/// <summary>What a comparison needs of etcd's interface, version 3: over one connection, to one
/// member. Safe for use from any thread.</summary>
/// <param name="address">Of the member, as <c>host:port</c>.</param>
public sealed class EtcdClient(string address) : IDisposable
{
    private readonly GrpcConnection _connection = new(address);

    /// <summary>Writes a value; when it returns, a majority has it on disk.</summary>
    /// <exception cref="EtcdException">It may have been written or not.</exception>
    public async Task PutAsync(EtcdRequest put, CancellationToken cancellation = default) =>
        await _connection.CallAsync("/etcdserverpb.KV/Put", put, cancellation)
            .ConfigureAwait(false);

    /// <summary>Reads a value linearizably; null if there is none.</summary>
    /// <exception cref="EtcdException">It could not be read.</exception>
    public async Task<ByteString?> GetAsync(
        EtcdRequest range, CancellationToken cancellation = default)
    {
        byte[] answer = await _connection.CallAsync("/etcdserverpb.KV/Range", range, cancellation)
            .ConfigureAwait(false);
        return EtcdAnswers.FirstValue(answer);
    }

    /// <summary>Whether the member leads; false while nobody does.</summary>
    /// <exception cref="EtcdException">The member does not answer.</exception>
    public async Task<bool> LeadsAsync(CancellationToken cancellation = default)
    {
        byte[] answer = await _connection.CallAsync(
            "/etcdserverpb.Maintenance/Status", EtcdRequest.Empty, cancellation)
            .ConfigureAwait(false);
        return EtcdAnswers.Leads(answer);
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _connection.Dispose();
}
