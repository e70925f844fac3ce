using System.Diagnostics.CodeAnalysis;
using System.Text;
using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>The state machine that most people want: a pure function of the state of one key. It
/// runs unchanged on every protocol.</summary>
/// <remarks>The constructor of the derived class names its commands and queries; each has a tag
/// that must never be given to another. Functions get only their arguments and must be
/// deterministic: no clock, no randomness, nothing that was not handed in.</remarks>
/// <typeparam name="TState">The state of one key; immutable.</typeparam>
public abstract class KeyedMachine<TState> : IKeyedMachine, IMachineCodec, IMachineReader
{
    private readonly Dictionary<byte, Handler> _commands = [];
    private readonly Dictionary<byte, Handler> _queries = [];
    private readonly Dictionary<Type, Handler> _byType = [];
    private readonly ICodec<TState> _codec;
    private readonly TState _absent;

    /// <summary>Names the machine and its state.</summary>
    /// <param name="name">The name that the epoch agrees on.</param>
    /// <param name="state">How the state of a key becomes bytes.</param>
    /// <param name="absent">The state of a key that nobody has written.</param>
    protected KeyedMachine(string name, ICodec<TState> state, TState absent)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        _codec = state;
        _absent = absent;
    }

    /// <summary>Runs a command on a state.</summary>
    protected delegate Transition<TState, TResult> Applier<TCommand, TResult>(
        in ApplyContext context, string key, TState state, TCommand command);

    /// <summary>Answers a query on a state.</summary>
    protected delegate TAnswer Answerer<TQuery, TAnswer>(string key, TState state, TQuery query);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public virtual int Version => 1;

    /// <inheritdoc/>
    public void Apply(in MachineInput input, MachineOutput output) =>
        Run(_commands, "command", input, output);

    /// <inheritdoc/>
    public void Query(in MachineInput input, MachineOutput output) =>
        Run(_queries, "query", input, output);

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
    public object? ReadCommand(ReadOnlySpan<byte> command) => Read(_commands, command);

    /// <inheritdoc/>
    public object? ReadQuery(ReadOnlySpan<byte> query) => Read(_queries, query);

    /// <inheritdoc/>
    public object? ReadResult(object request, ReadOnlySpan<byte> result) =>
        HandlerOf(request).ReadResult(result);

    /// <summary>Adds a command; for the constructor.</summary>
    protected void Command<TCommand, TResult>(
        byte tag,
        ICodec<TCommand> command,
        ICodec<TResult> result,
        Applier<TCommand, TResult> apply)
        where TCommand : ICommand<TResult> =>
        Add(_commands, new CommandHandler<TCommand, TResult>(this, command, result, apply), tag);

    /// <summary>Adds a query; for the constructor.</summary>
    protected void Query<TQuery, TAnswer>(
        byte tag,
        ICodec<TQuery> query,
        ICodec<TAnswer> answer,
        Answerer<TQuery, TAnswer> compute)
        where TQuery : IQuery<TAnswer> =>
        Add(_queries, new QueryHandler<TQuery, TAnswer>(query, answer, compute), tag);

    private void Run(
        Dictionary<byte, Handler> handlers,
        string what,
        in MachineInput input,
        MachineOutput output)
    {
        ReadOnlySpan<byte> request = input.Request;
        if (request.IsEmpty || !handlers.TryGetValue(request[0], out Handler? handler))
            output.Refuse($"Machine '{Name}' version {Version} has no such {what}.");
        else
            handler.Run(new Call(input, Decode(input.State)), request[1..], output);
    }

    private static object? Read(
        Dictionary<byte, Handler> handlers, ReadOnlySpan<byte> request) =>
        !request.IsEmpty && handlers.TryGetValue(request[0], out Handler? handler)
            ? handler.Read(request[1..])
            : null;

    private TState Decode(ReadOnlySpan<byte> state)
    {
        if (state.IsEmpty)
            return _absent;

        FrameReader reader = new(state);
        TState value = _codec.Read(ref reader);
        return reader.IsComplete
            ? value
            : throw new FormatException(
                $"The state codec of machine '{Name}' does not round-trip.");
    }

    private void Add(Dictionary<byte, Handler> handlers, Handler handler, byte tag)
    {
        handler.Tag = tag;
        if (!handlers.TryAdd(tag, handler) || !_byType.TryAdd(handler.RequestType, handler))
            throw new ArgumentException($"Tag {tag} or {handler.RequestType.Name} is named twice.");
    }

    private Handler HandlerOf(object request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _byType.TryGetValue(request.GetType(), out Handler? handler)
            ? handler
            : throw new ArgumentException(
                $"{request.GetType().Name} is not a command or query of machine '{Name}'.");
    }

    private interface IResult<TResult>
    {
        ICodec<TResult> Result { get; }
    }

    private readonly struct Call(in MachineInput input, TState state)
    {
        public ApplyContext Context { get; } = input.Context;

        public string Key { get; } = Encoding.UTF8.GetString(input.Key);

        public TState State => state;
    }

    private abstract class Handler
    {
        public byte Tag { get; set; }

        public abstract Type RequestType { get; }

        public abstract void Encode(object request, FrameBuffer buffer);

        public abstract void Run(in Call call, ReadOnlySpan<byte> request, MachineOutput output);

        public abstract object? Read(ReadOnlySpan<byte> request);

        public abstract object? ReadResult(ReadOnlySpan<byte> result);
    }

    private abstract class Handler<TRequest, TResult>(
        ICodec<TRequest> codec, ICodec<TResult> result) : Handler, IResult<TResult>
    {
        public override Type RequestType => typeof(TRequest);

        public ICodec<TResult> Result => result;

        public override void Encode(object request, FrameBuffer buffer)
        {
            buffer.WriteByte(Tag);
            codec.Write((TRequest)request, buffer);
        }

        public override void Run(
            in Call call, ReadOnlySpan<byte> request, MachineOutput output)
        {
            if (TryRead(codec, request, out TRequest? value))
                Run(call, value, output);
            else
                output.Refuse($"The bytes are not a {typeof(TRequest).Name}.");
        }

        public override object? Read(ReadOnlySpan<byte> request) =>
            TryRead(codec, request, out TRequest? value) ? value : null;

        public override object? ReadResult(ReadOnlySpan<byte> bytes) =>
            TryRead(Result, bytes, out TResult? value) ? value : null;

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

        protected abstract void Run(in Call call, TRequest request, MachineOutput output);
    }

    private sealed class CommandHandler<TCommand, TResult>(
        KeyedMachine<TState> machine,
        ICodec<TCommand> command,
        ICodec<TResult> result,
        Applier<TCommand, TResult> apply) : Handler<TCommand, TResult>(command, result)
    {
        protected override void Run(in Call call, TCommand request, MachineOutput output)
        {
            Transition<TState, TResult> next =
                apply(call.Context, call.Key, call.State, request);
            if (next.Taken is not { } taken)
            {
                output.Refuse(next.Refusal ?? "");
                return;
            }

            machine._codec.Write(taken.State, output.State);
            Result.Write(taken.Result, output.Result);
        }
    }

    private sealed class QueryHandler<TQuery, TAnswer>(
        ICodec<TQuery> query, ICodec<TAnswer> answer, Answerer<TQuery, TAnswer> compute)
        : Handler<TQuery, TAnswer>(query, answer)
    {
        protected override void Run(in Call call, TQuery request, MachineOutput output) =>
            Result.Write(compute(call.Key, call.State, request), output.Result);
    }
}
