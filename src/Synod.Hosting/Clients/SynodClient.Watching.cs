using System.Runtime.CompilerServices;
using System.Text;
using Synod.Abstractions;
using Synod.Runtime;

namespace Synod.Hosting;

/// <content>Keys that are watched.</content>
public sealed partial class SynodClient
{
    private readonly Dictionary<long, Watching> _watching = [];

    /// <summary>Watches a key at the nearest node (<see cref="ClientCoreOptions.Nearest"/>): first
    /// the answer of the query for the state of now, then for each change of it, in order. Nothing
    /// goes through the log, and the node may be behind others.</summary>
    /// <remarks>When the node is lost another one goes on, without going back; what was missed
    /// meanwhile, or because the reader did not keep up with
    /// <see cref="ClientCoreOptions.WatchBytesMax"/>, is marked as a gap in front of the latest
    /// state. While no node can be reached nothing is told. On the connection to one node an event
    /// comes before any answer that reflects it.</remarks>
    /// <param name="key">The key; it need not be there.</param>
    /// <param name="query">What is asked about each state.</param>
    /// <param name="cancellation">Ends the watch; so does leaving the enumeration.</param>
    /// <returns>Goes on until it is left, or until an <see cref="WatchEvent{T}.Ended"/> says why no
    /// node will ever answer.</returns>
    /// <exception cref="OperationCanceledException">The caller no longer waits, or the client is
    /// disposed of.</exception>
    public IAsyncEnumerable<WatchEvent<TAnswer>> WatchAsync<TAnswer>(
        string key, IQuery<TAnswer> query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(query);
        return EventsOf(key, query, cancellation);
    }

    void IClientPort.Watched(in ClientNews news, ReadOnlySpan<byte> answer)
    {
        if (_watching.TryGetValue(news.Watch, out Watching? watching))
            watching.Tell(news, answer);
    }

    void IClientPort.WatchEnded(long watch, ResponseKind kind, ReadOnlySpan<byte> bytes)
    {
        if (_watching.Remove(watch, out Watching? watching))
            watching.End(kind, bytes);
    }

    private async IAsyncEnumerable<WatchEvent<T>> EventsOf<T>(
        string key, IQuery<T> query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Watching watching = BeginWatching(key, query);
        try
        {
            await foreach (Watching.Told told in
                watching.Events.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                Use(watching, told);
                yield return ToEvent(query, told);
            }
        }
        finally
        {
            EndWatching(watching);
        }
    }

    private Watching BeginWatching(string key, object query)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _body.Clear();
            _machine.Encode(query, _body);
            Watching watching = new() { Number = _core.NextCall };
            if (_body.Length + Encoding.UTF8.GetByteCount(key) > RequestBytesMax)
            {
                watching.End(ResponseKind.TooLarge, default);
                return watching;
            }

            _watching.Add(watching.Number, watching);
            _core.Watch(Now, Encoding.UTF8.GetBytes(key), _body.Written);
            Arm();
            return watching;
        }
    }

    private void Use(Watching watching, in Watching.Told told)
    {
        if (told.Answer.Kind != ResponseKind.Applied)
            return;

        lock (_gate)
            _core.Use(watching.Number, told.Answer.Bytes.Length);
    }

    private void EndWatching(Watching watching)
    {
        lock (_gate)
        {
            if (_watching.Remove(watching.Number))
                _core.EndWatch(watching.Number);
        }
    }

    private WatchEvent<T> ToEvent<T>(IQuery<T> query, in Watching.Told told)
    {
        if (told.Answer.Kind == ResponseKind.Applied)
        {
            return new WatchEvent<T>.State(
                _machine.Decode<T>(query, told.Answer.Bytes),
                told.News.Seen.Version,
                told.News.IsGap,
                told.From);
        }

        return new WatchEvent<T>.Ended(ToOutcome(
            told.Answer,
            (_machine, query),
            static (asked, bytes) => asked._machine.Decode<T>(asked.query, bytes)));
    }
}
