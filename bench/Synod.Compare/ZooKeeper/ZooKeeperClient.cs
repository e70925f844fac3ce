using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Synod.Compare.ZooKeeper;

/// <summary>A session with a ZooKeeper server, as far as a comparison needs one: requests go out as
/// they come, and are answered in their order. Safe for use from several threads.</summary>
internal sealed class ZooKeeperClient : IDisposable
{
    private const int HeaderBytes = 2 * sizeof(int);
    private const int ReplyHeaderBytes = (2 * sizeof(int)) + sizeof(long);
    private const int ConnectionLost = -4;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource<int>?> _waiting = new();
    private ArrayBufferWriter<byte> _filled = new();
    private ArrayBufferWriter<byte> _spare = new();
    private bool _isWriting;
    private bool _isLost;
    private int _lastXid;

    private ZooKeeperClient(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Begins a session.</summary>
    public static async Task<ZooKeeperClient> ConnectAsync(
        string address, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(address), cancellation);
        ZooKeeperClient client = new(socket);
        await client._stream.WriteAsync(ZooKeeperFrames.Connect(), cancellation);
        byte[] length = new byte[sizeof(int)];
        await client._stream.ReadExactlyAsync(length, cancellation);
        byte[] welcome = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await client._stream.ReadExactlyAsync(welcome, cancellation);
        _ = client.ReadAsync();
        return client;
    }

    /// <summary>Sends a request, behind another one whose answer nobody needs, if there is
    /// one.</summary>
    /// <returns>The error of the server; zero for none.</returns>
    public Task<int> CallAsync(byte[] request, byte[]? before = null)
    {
        TaskCompletionSource<int> answered =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isLost)
                return Task.FromResult(ConnectionLost);
            if (before is not null)
                Add(before, null);
            Add(request, answered);
            if (_isWriting)
                return answered.Task;

            _isWriting = true;
        }

        _ = WriteAsync();
        return answered.Task;
    }

    public void Dispose() => _stream.Dispose();

    private void Add(byte[] request, TaskCompletionSource<int>? answered)
    {
        Span<byte> frame = _filled.GetSpan(HeaderBytes + request.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame, sizeof(int) + request.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame[sizeof(int)..], ++_lastXid);
        request.CopyTo(frame[HeaderBytes..]);
        _filled.Advance(HeaderBytes + request.Length);
        _waiting.Enqueue(answered);
    }

    // What comes while one write is under way leaves with the next one.
    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    if (_filled.WrittenCount == 0)
                    {
                        _isWriting = false;
                        return;
                    }

                    (_filled, _spare) = (_spare, _filled);
                    _filled.ResetWrittenCount();
                }

                await _stream.WriteAsync(_spare.WrittenMemory);
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            Lose();
        }
    }

    private async Task ReadAsync()
    {
        PipeReader reader = PipeReader.Create(_stream);
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync();
                ReadOnlySequence<byte> rest = read.Buffer;
                while (TryTake(ref rest, out int error))
                    Answered(error);
                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                    break;
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // Whoever waits is told below.
        }

        Lose();
    }

    private static bool TryTake(ref ReadOnlySequence<byte> rest, out int error)
    {
        error = 0;
        SequenceReader<byte> reader = new(rest);
        if (!reader.TryReadBigEndian(out int length) || reader.Remaining < length)
            return false;

        // The number of the request, that of the transaction, and the error.
        reader.Advance(ReplyHeaderBytes - sizeof(int));
        reader.TryReadBigEndian(out error);
        rest = rest.Slice(sizeof(int) + length);
        return true;
    }

    private void Answered(int error)
    {
        TaskCompletionSource<int>? answered;
        lock (_gate)
            answered = _waiting.Dequeue();
        answered?.SetResult(error);
    }

    private void Lose()
    {
        TaskCompletionSource<int>?[] lost;
        lock (_gate)
        {
            _isLost = true;
            lost = [.. _waiting];
            _waiting.Clear();
        }

        foreach (TaskCompletionSource<int>? answered in lost)
            answered?.TrySetResult(ConnectionLost);
        _socket.Dispose();
    }
}
