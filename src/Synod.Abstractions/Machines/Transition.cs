namespace Synod.Abstractions;

/// <summary>What a command does to the state of one key: the next state and a result, or a refusal
/// that changes nothing. A machine writes neither: it answers <c>(state, result)</c> or
/// <c>new Refusal("why")</c>.</summary>
/// <typeparam name="TState">The state of a key.</typeparam>
/// <typeparam name="TResult">The result of the command.</typeparam>
public readonly record struct Transition<TState, TResult>
{
    private Transition((TState State, TResult Result)? taken, string? refusal)
    {
        Taken = taken;
        Refusal = refusal;
    }

    /// <summary>The state from now on and what the client gets; null if refused.</summary>
    public (TState State, TResult Result)? Taken { get; }

    /// <summary>Why nothing changed; null if the command took effect.</summary>
    public string? Refusal { get; }

    /// <summary>Lets a machine answer <c>(state, result)</c>.</summary>
    public static implicit operator Transition<TState, TResult>((TState State, TResult Result) t) =>
        new(t, refusal: null);

    /// <summary>Lets a machine answer <c>new Refusal("why")</c>.</summary>
    public static implicit operator Transition<TState, TResult>(Refusal refusal) =>
        new(taken: null, refusal.Reason);
}
