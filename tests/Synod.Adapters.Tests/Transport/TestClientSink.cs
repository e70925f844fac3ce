using System.Buffers;
using System.Text;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

/// <summary>Keeps what a connection of a client brings.</summary>
internal sealed class TestClientSink : IClientSink
{
    private readonly TaskCompletionSource<Greeting> _connected =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<Closure> _closed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Greeting> ConnectedAsync => _connected.Task.WithinReason();

    public Task<Closure> ClosedAsync => _closed.Task.WithinReason();

    public Watched<string> Frames { get; } = new();

    public void Connected(in Greeting greeting) => _connected.SetResult(greeting);

    public ValueTask Frame(in ReadOnlySequence<byte> frame)
    {
        Frames.Add(Encoding.UTF8.GetString(frame));
        return default;
    }

    public void Closed(in Closure closure)
    {
        _closed.SetResult(closure);
        _connected.TrySetException(new IOException(closure.Text));
    }
}
