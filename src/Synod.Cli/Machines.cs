using Synod.Abstractions;
using Synod.Hosting;
using Synod.Samples.Counter;
using Synod.Samples.QueueWithLength;

namespace Synod.Cli;

/// <summary>The state machines that a node of the command line can run.</summary>
internal static class Machines
{
    public static IReadOnlyList<string> Names { get; } =
        ["counter", "queue", "register", "write-once"];

    public static IKeyedMachine Find(string name) => name switch
    {
        "counter" => new Counter(),
        "queue" => new QueueWithLength(),
        "register" => new Samples.Register.Register(),
        "write-once" => new WriteOnce(),
        _ => throw new ArgumentException($"There is no machine '{name}'.", nameof(name)),
    };
}
