using Synod.Abstractions;
using Synod.Hosting;
using Synod.Samples.Counter;
using Synod.Samples.QueueWithLength;

namespace Synod.Cli;

/// <summary>The state machines that a node of the command line can run.</summary>
internal static class Machines
{
    public const string WriteOnce = "write-once";

    public static IReadOnlyList<string> Names { get; } =
        ["counter", "queue", "register", WriteOnce];

    public static IKeyedMachine Find(string name) => name switch
    {
        "counter" => new Counter(),
        "queue" => new QueueWithLength(),
        "register" => new Samples.Register.Register(),
        WriteOnce => new WriteOnce(),
        _ => throw new ArgumentException($"There is no machine '{name}'.", nameof(name)),
    };
}
