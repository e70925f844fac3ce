using System.Diagnostics.CodeAnalysis;
using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>What machines of both kinds have in common: named commands and queries, each with a tag
/// that must never be given to another, as bytes and back.</summary>
public abstract class TypedMachine : IMachine, IMachineCodec, IMachineReader
{
    private readonly Dictionary<byte, Handler> _commands = [];
    private readonly Dictionary<byte, Handler> _queries = [];
    private readonly Dictionary<Type, Handler> _byType = [];

    private protected TypedMachine(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    private interface IResult<TResult>
    {
        ICodec<TResult> Result { get; }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public virtual int Version => 1;

    /// <inheritdoc/>
    public void Encode(object request, FrameBuffer buffer) =>
        HandlerOf(request).Encode(request, buffer);

    /// <inheritdoc/>
    public TResult Decode<TResult>(object request, ReadOnlySpan<byte> result)
    {
        FrameReader reader = new(result);
        TResult value = ((IResult<TResult>)HandlerOf(request)).Result.Read(ref reader);
        return reader.IsComplete
            ? value
            : throw new FormatException($"A result of machine '{Name}' cannot be read.");
    }

    /// <inheritdoc/>
    public object? ReadCommand(ReadOnlySpan<byte> command) =>
        CommandOf(command)?.Read(command[1..]);

    /// <inheritdoc/>
    public object? ReadQuery(ReadOnlySpan<byte> query) => QueryOf(query)?.Read(query[1..]);

    /// <inheritdoc/>
    public object? ReadResult(object request, ReadOnlySpan<byte> result) =>
        HandlerOf(request).ReadResult(result);

    private protected Handler? CommandOf(ReadOnlySpan<byte> command) => Find(_commands, command);

    private protected Handler? QueryOf(ReadOnlySpan<byte> query) => Find(_queries, query);

    private protected void AddCommand(Handler handler, byte tag) => Add(_commands, handler, tag);

    private protected void AddQuery(Handler handler, byte tag) => Add(_queries, handler, tag);

    private protected void RefuseUnknown(string what, MachineOutput output) =>
        output.Refuse($"Machine '{Name}' version {Version} has no such {what}.");

    private static Handler? Find(Dictionary<byte, Handler> handlers, ReadOnlySpan<byte> request) =>
        request.IsEmpty ? null : handlers.GetValueOrDefault(request[0]);

    private void Add(Dictionary<byte, Handler> handlers, Handler handler, byte tag)
    {
        handler.Tag = tag;
        if (!handlers.TryAdd(tag, handler) || !_byType.TryAdd(handler.RequestType, handler))
            throw new ArgumentException($"Tag {tag} or {handler.RequestType.Name} is named twice.");
    }

    private protected Handler HandlerOf(Type request) =>
        _byType.TryGetValue(request, out Handler? handler)
            ? handler
            : throw new ArgumentException(
                $"{request.Name} is not a command or query of machine '{Name}'.");

    private Handler HandlerOf(object request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return HandlerOf(request.GetType());
    }

    private protected abstract class Handler
    {
        public byte Tag { get; set; }

        public abstract Type RequestType { get; }

        public abstract void Encode(object request, FrameBuffer buffer);

        public abstract object? Read(ReadOnlySpan<byte> request);

        public abstract object? ReadResult(ReadOnlySpan<byte> result);
    }

    private protected abstract class Handler<TRequest, TResult>(
        ICodec<TRequest> codec, ICodec<TResult> result) : Handler, IResult<TResult>
    {
        public override Type RequestType => typeof(TRequest);

        public ICodec<TResult> Result => result;

        public override void Encode(object request, FrameBuffer buffer)
        {
            buffer.WriteByte(Tag);
            codec.Write((TRequest)request, buffer);
        }

        public override object? Read(ReadOnlySpan<byte> request) =>
            TryRead(codec, request, out TRequest? value) ? value : null;

        public override object? ReadResult(ReadOnlySpan<byte> bytes) =>
            TryRead(Result, bytes, out TResult? value) ? value : null;

        protected bool TryRead(
            ReadOnlySpan<byte> request, [MaybeNullWhen(false)] out TRequest value) =>
            TryRead(codec, request, out value);

        protected static void RefuseBytes(MachineOutput output) =>
            output.Refuse($"The bytes are not a {typeof(TRequest).Name}.");

        private static bool TryRead<T>(
            ICodec<T> codec, ReadOnlySpan<byte> bytes, [MaybeNullWhen(false)] out T value)
        {
            FrameReader reader = new(bytes);
            try
            {
                value = codec.Read(ref reader);
                return reader.IsComplete;
            }
            catch (FormatException)
            {
                value = default;
                return false;
            }
        }
    }
}
