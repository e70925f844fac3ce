namespace Synod.Abstractions;

/// <summary>A state machine over one state of any shape, for what does not fall into keys. Runs on
/// Raft, Multi-Paxos and EPaxos.</summary>
/// <remarks>The constructor of the derived class names its commands and queries. Functions change
/// only the state that they are handed, and must be deterministic: no clock, no randomness. A
/// command without a footprint touches everything, which is always right; on EPaxos it then waits
/// for all others. The footprint goes by the command alone, and may name more than is touched,
/// never less.</remarks>
/// <typeparam name="TState">The state; each replica has its own.</typeparam>
public abstract class WholeMachine<TState> : TypedMachine, IWholeMachine
    where TState : class
{
    private readonly Func<TState> _begin;

    /// <summary>Names the machine.</summary>
    /// <param name="name">The name that the epoch agrees on.</param>
    /// <param name="begin">Makes a state that no command has changed.</param>
    protected WholeMachine(string name, Func<TState> begin)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(begin);
        _begin = begin;
    }

    /// <summary>Runs a command: changes the state and answers, or answers with a refusal and has
    /// changed nothing.</summary>
    protected delegate Answer<TResult> Applier<TCommand, TResult>(
        in ApplyContext context, TState state, TCommand command);

    /// <summary>Answers a query on a state, which it does not change.</summary>
    protected delegate TAnswer Answerer<TQuery, TAnswer>(TState state, TQuery query);

    /// <summary>Names what a command or query touches.</summary>
    protected delegate void Declarer<TRequest>(TRequest request, FootprintDeclaration footprint);

    private interface IDeclarer<TRequest>
    {
        Declarer<TRequest>? Footprint { get; set; }
    }

    private interface IRunner
    {
        void Declare(ReadOnlySpan<byte> request, FootprintDeclaration footprint);

        void Run(
            in ApplyContext context,
            TState state,
            ReadOnlySpan<byte> request,
            MachineOutput output);
    }

    /// <inheritdoc/>
    public IWholeState Begin() => new State(this, _begin());

    /// <inheritdoc/>
    public void DeclareCommand(ReadOnlySpan<byte> command, FootprintDeclaration footprint) =>
        Declare(CommandOf(command), command, footprint);

    /// <inheritdoc/>
    public void DeclareQuery(ReadOnlySpan<byte> query, FootprintDeclaration footprint) =>
        Declare(QueryOf(query), query, footprint);

    /// <summary>Adds a command; for the constructor.</summary>
    protected void Command<TCommand, TResult>(
        byte tag,
        ICodec<TCommand> command,
        ICodec<TResult> result,
        Applier<TCommand, TResult> apply)
        where TCommand : ICommand<TResult> =>
        AddCommand(new CommandHandler<TCommand, TResult>(command, result, apply), tag);

    /// <summary>Adds a query; for the constructor.</summary>
    protected void Query<TQuery, TAnswer>(
        byte tag,
        ICodec<TQuery> query,
        ICodec<TAnswer> answer,
        Answerer<TQuery, TAnswer> compute)
        where TQuery : IQuery<TAnswer> =>
        AddQuery(new QueryHandler<TQuery, TAnswer>(query, answer, compute), tag);

    /// <summary>Says what a command or query touches that was added; for the constructor. Without
    /// it, everything.</summary>
    /// <exception cref="ArgumentException">The machine has no such command or query.</exception>
    protected void Touches<TRequest>(Declarer<TRequest> footprint) =>
        ((IDeclarer<TRequest>)HandlerOf(typeof(TRequest))).Footprint = footprint;

    // What nobody can read changes nothing, and is refused when its turn comes.
    private static void Declare(
        Handler? handler, ReadOnlySpan<byte> request, FootprintDeclaration footprint)
    {
        ArgumentNullException.ThrowIfNull(footprint);
        if (handler is IRunner runner)
            runner.Declare(request[1..], footprint);
        else
            footprint.Everything();
    }

    /// <summary>A result, or a refusal.</summary>
    /// <typeparam name="TResult">The result of the command.</typeparam>
    protected readonly record struct Answer<TResult>
    {
        private Answer(ValueTuple<TResult>? taken, string? refusal)
        {
            Taken = taken;
            Refusal = refusal;
        }

        internal ValueTuple<TResult>? Taken { get; }

        internal string? Refusal { get; }

        /// <summary>Lets a machine answer with the result.</summary>
        public static implicit operator Answer<TResult>(TResult result) =>
            new(new ValueTuple<TResult>(result), null);

        /// <summary>Lets a machine answer <c>new Refusal("why")</c>.</summary>
        public static implicit operator Answer<TResult>(Refusal refusal) =>
            new(null, refusal.Reason);
    }

    private sealed class State(WholeMachine<TState> machine, TState state) : IWholeState
    {
        public void Apply(
            in ApplyContext context, ReadOnlySpan<byte> command, MachineOutput output)
        {
            if (machine.CommandOf(command) is IRunner runner)
                runner.Run(context, state, command[1..], output);
            else
                machine.RefuseUnknown("command", output);
        }

        public void Query(ReadOnlySpan<byte> query, MachineOutput output)
        {
            if (machine.QueryOf(query) is IRunner runner)
                runner.Run(default, state, query[1..], output);
            else
                machine.RefuseUnknown("query", output);
        }
    }

    private abstract class WholeHandler<TRequest, TResult>(
        ICodec<TRequest> codec, ICodec<TResult> result)
        : Handler<TRequest, TResult>(codec, result), IRunner, IDeclarer<TRequest>
    {
        public Declarer<TRequest>? Footprint { get; set; }

        public void Declare(ReadOnlySpan<byte> request, FootprintDeclaration declaration)
        {
            if (Footprint is not null && TryRead(request, out TRequest? value))
                Footprint(value, declaration);
            else
                declaration.Everything();
        }

        public void Run(
            in ApplyContext context,
            TState state,
            ReadOnlySpan<byte> request,
            MachineOutput output)
        {
            if (TryRead(request, out TRequest? value))
                Run(context, state, value, output);
            else
                RefuseBytes(output);
        }

        protected abstract void Run(
            in ApplyContext context, TState state, TRequest request, MachineOutput output);
    }

    private sealed class CommandHandler<TCommand, TResult>(
        ICodec<TCommand> command, ICodec<TResult> result, Applier<TCommand, TResult> apply)
        : WholeHandler<TCommand, TResult>(command, result)
    {
        protected override void Run(
            in ApplyContext context, TState state, TCommand request, MachineOutput output)
        {
            Answer<TResult> answer = apply(context, state, request);
            if (answer.Taken is { } taken)
                Result.Write(taken.Item1, output.Result);
            else
                output.Refuse(answer.Refusal ?? "");
        }
    }

    private sealed class QueryHandler<TQuery, TAnswer>(
        ICodec<TQuery> query, ICodec<TAnswer> answer, Answerer<TQuery, TAnswer> compute)
        : WholeHandler<TQuery, TAnswer>(query, answer)
    {
        protected override void Run(
            in ApplyContext context, TState state, TQuery request, MachineOutput output) =>
            Result.Write(compute(state, request), output.Result);
    }
}
