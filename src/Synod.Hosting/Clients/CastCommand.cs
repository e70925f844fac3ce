using System.Runtime.CompilerServices;
using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>A command that was sent and is not waited for, unless somebody awaits it: when it is
/// committed, when it has run, or both, any number of times. Safe for use from several
/// threads.</summary>
/// <remarks>Both tasks end within <see cref="Runtime.ClientCoreOptions.Timeout"/>; they are
/// cancelled when the client is disposed of before.</remarks>
/// <typeparam name="TResult">What the machine answers.</typeparam>
public sealed class CastCommand<TResult>
{
    internal CastCommand(Task<Commitment> committed, Task<Outcome<TResult>> executed)
    {
        Committed = committed;
        Executed = executed;
    }

    /// <summary>Complete as soon as it is certain that the command will run, which may be long
    /// before it has; at the latest with <see cref="Executed"/>. While an earlier command of this
    /// client on the same key is under way, or has ended as unknown, it is not certain
    /// before.</summary>
    public Task<Commitment> Committed { get; }

    /// <summary>Complete when the command has run, with its result, or is certain not to, or when
    /// the time is over: the only final answer. Never before <see cref="Committed"/>.</summary>
    public Task<Outcome<TResult>> Executed { get; }

    /// <summary>Awaits <see cref="Executed"/>.</summary>
    public TaskAwaiter<Outcome<TResult>> GetAwaiter() => Executed.GetAwaiter();

    /// <summary>Awaits <see cref="Executed"/>, wherever the awaiting method is to go on.</summary>
    public ConfiguredTaskAwaitable<Outcome<TResult>> ConfigureAwait(
        bool continueOnCapturedContext) => Executed.ConfigureAwait(continueOnCapturedContext);
}
