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
    public string Key { get; private init; }

    /// <summary>With what, in the words of the model.</summary>
    public HistoryValue Value { get; }

    /// <summary>What is asked for; of a change of several steps those.</summary>
    internal object Request { get; }

    internal bool IsQuery { get; private init; }

    /// <summary>What it does, step by step; null if it is one request.</summary>
    internal Func<IWorkloadClient, Task<WorkloadEnd>>? Steps { get; private init; }

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

    /// <summary>A call of several requests, one after the other. It must end whatever becomes of
    /// them.</summary>
    public static WorkloadCall InSteps(
        (string F, string Key, HistoryValue Value) words,
        Func<IWorkloadClient, Task<WorkloadEnd>> run) =>
        new(words, run, static (_, _) => default) { Steps = run };

    /// <summary>A read of several requests, one after the other.</summary>
    /// <param name="words">In the words of the model.</param>
    /// <param name="watched">What those ask who watch the key.</param>
    /// <param name="run">The read.</param>
    public static WorkloadCall QueryInSteps<TAnswer>(
        (string F, string Key, HistoryValue Value) words,
        IQuery<TAnswer> watched,
        Func<IWorkloadClient, Task<WorkloadEnd>> run) =>
        new(words, watched, static (_, _) => default) { IsQuery = true, Steps = run };

    /// <summary>The same on another key.</summary>
    internal WorkloadCall On(string key) => this with { Key = key };

    internal HistoryValue Answer(IMachineCodec codec, byte[] bytes) => _answer(codec, bytes);
}
