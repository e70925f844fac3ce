using System.Text;
using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>The state machine that most people want: a pure function of the state of one key. It
/// runs unchanged on every protocol.</summary>
/// <remarks>The constructor of the derived class names its commands and queries; each has a tag
/// that must never be given to another. Functions get only their arguments and must be
/// deterministic: no clock, no randomness, nothing that was not handed in.</remarks>
/// <typeparam name="TState">The state of one key; immutable.</typeparam>
public abstract class KeyedMachine<TState> : TypedMachine, IKeyedMachine
{
    private readonly ICodec<TState> _codec;
    private readonly TState _absent;

    /// <summary>Names the machine and its state.</summary>
    /// <param name="name">The name that the epoch agrees on.</param>
    /// <param name="state">How the state of a key becomes bytes.</param>
    /// <param name="absent">The state of a key that nobody has written.</param>
    protected KeyedMachine(string name, ICodec<TState> state, TState absent)
        : base(name)
    {
        _codec = state;
        _absent = absent;
    }

    /// <summary>Runs a command on a state.</summary>
    protected delegate Transition<TState, TResult> Applier<TCommand, TResult>(
        in ApplyContext context, string key, TState state, TCommand command);

    /// <summary>Answers a query on a state.</summary>
    protected delegate TAnswer Answerer<TQuery, TAnswer>(string key, TState state, TQuery query);

    private interface IRunner
    {
        void Run(in Call call, ReadOnlySpan<byte> request, MachineOutput output);
    }

    /// <inheritdoc/>
    public void Apply(in MachineInput input, MachineOutput output) =>
        Run(CommandOf(input.Request), "command", input, output);

    /// <inheritdoc/>
    public void Query(in MachineInput input, MachineOutput output) =>
        Run(QueryOf(input.Request), "query", input, output);

    /// <summary>Adds a command; for the constructor.</summary>
    protected void Command<TCommand, TResult>(
        byte tag,
        ICodec<TCommand> command,
        ICodec<TResult> result,
        Applier<TCommand, TResult> apply)
        where TCommand : ICommand<TResult> =>
        AddCommand(new CommandHandler<TCommand, TResult>(this, command, result, apply), tag);

    /// <summary>Adds a query; for the constructor.</summary>
    protected void Query<TQuery, TAnswer>(
        byte tag,
        ICodec<TQuery> query,
        ICodec<TAnswer> answer,
        Answerer<TQuery, TAnswer> compute)
        where TQuery : IQuery<TAnswer> =>
        AddQuery(new QueryHandler<TQuery, TAnswer>(query, answer, compute), tag);

    private void Run(
        Handler? handler, string what, in MachineInput input, MachineOutput output)
    {
        if (handler is IRunner runner)
            runner.Run(new Call(input, Decode(input.State)), input.Request[1..], output);
        else
            RefuseUnknown(what, output);
    }

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

    private readonly struct Call(in MachineInput input, TState state)
    {
        public ApplyContext Context { get; } = input.Context;

        public string Key { get; } = Encoding.UTF8.GetString(input.Key);

        public TState State => state;
    }

    private sealed class CommandHandler<TCommand, TResult>(
        KeyedMachine<TState> machine,
        ICodec<TCommand> command,
        ICodec<TResult> result,
        Applier<TCommand, TResult> apply) : Handler<TCommand, TResult>(command, result), IRunner
    {
        public void Run(in Call call, ReadOnlySpan<byte> request, MachineOutput output)
        {
            if (!TryRead(request, out TCommand? value))
            {
                RefuseBytes(output);
                return;
            }

            Transition<TState, TResult> next = apply(call.Context, call.Key, call.State, value);
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
        : Handler<TQuery, TAnswer>(query, answer), IRunner
    {
        public void Run(in Call call, ReadOnlySpan<byte> request, MachineOutput output)
        {
            if (TryRead(request, out TQuery? value))
                Result.Write(compute(call.Key, call.State, value), output.Result);
            else
                RefuseBytes(output);
        }
    }
}
