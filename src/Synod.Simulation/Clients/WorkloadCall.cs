using Synod.Abstractions;
using Synod.TestKit;

namespace Synod.Simulation;

/// <summary>One call of a client, with its words in the history.</summary>
public sealed record WorkloadCall
{
    private readonly Func<IMachineCodec, byte[], HistoryValue> _answer;

    private WorkloadCall(
        (string F, string Key, HistoryValue Value) words,
        object request,
        Func<IMachineCodec, byte[], HistoryValue> answer)
    {
        (F, Key, Value) = words;
        Request = request;
        _answer = answer;
    }

    /// <summary>What is called, in the words of the model, as in <c>incr</c>.</summary>
    public string F { get; }

    /// <summary>On which key.</summary>
    public string Key { get; }

    /// <summary>With what, in the words of the model.</summary>
    public HistoryValue Value { get; }

    internal object Request { get; }

    internal bool IsQuery { get; private init; }

    /// <summary>A call that changes something.</summary>
    public static WorkloadCall Command<TResult>(
        (string F, string Key, HistoryValue Value) words,
        ICommand<TResult> command,
        Func<TResult, HistoryValue> answer) =>
        new(words, command, (codec, bytes) => answer(codec.Decode<TResult>(command, bytes)));

    /// <summary>A linearizable read.</summary>
    public static WorkloadCall Query<TAnswer>(
        (string F, string Key, HistoryValue Value) words,
        IQuery<TAnswer> query,
        Func<TAnswer, HistoryValue> answer) =>
        new(words, query, (codec, bytes) => answer(codec.Decode<TAnswer>(query, bytes)))
        {
            IsQuery = true,
        };

    internal HistoryValue Answer(IMachineCodec codec, byte[] bytes) => _answer(codec, bytes);
}
