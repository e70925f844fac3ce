using System.Threading.Channels;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>What a watch was told and its reader has not taken. The node stops telling before it is
/// too much, so it needs no bound of its own.</summary>
internal sealed class Watching
{
    private readonly Channel<Told> _told = Channel.CreateUnbounded<Told>(
        new UnboundedChannelOptions { SingleReader = true });

    /// <summary>The number of the watch.</summary>
    public required long Number { get; init; }

    /// <summary>What it was told, in order.</summary>
    public ChannelReader<Told> Events => _told.Reader;

    /// <summary>There is a state.</summary>
    public void Tell(in ClientNews news, ReadOnlySpan<byte> answer) =>
        _told.Writer.TryWrite(new Told(
            news.News, news.From, new ClientAnswer(ResponseKind.Applied, answer.ToArray())));

    /// <summary>It has ended for good.</summary>
    public void End(ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        _told.Writer.TryWrite(
            new Told(default, default, new ClientAnswer(kind, bytes.ToArray())));
        _told.Writer.TryComplete();
    }

    /// <summary>Its client is disposed of.</summary>
    public void Cancel() => _told.Writer.TryComplete(new OperationCanceledException());

    /// <summary>An event, or the end.</summary>
    internal readonly record struct Told(WatchNews News, NodeId From, ClientAnswer Answer);
}
