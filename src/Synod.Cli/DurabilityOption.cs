using System.CommandLine;
using Synod.Kernel;

namespace Synod.Cli;

/// <summary><c>--durability</c>, as commands that start nodes have it.</summary>
internal static class DurabilityOption
{
    public static Option<string> Create() => new("--durability")
    {
        Description = "When a node counts what it has: fsync (flushed to its disk), memory (in its "
            + "process, which uses no directory), unsafe-no-flush (written and not flushed). The "
            + "same on every node.",
        CustomParser = Allowed.OneOf(DurabilityText.Names),
        DefaultValueFactory = static _ => DurabilityText.NameOf(Durability.Fsync),
    };

    public static Durability In(ParseResult parsed, Option<string> option) =>
        DurabilityText.Find(parsed.GetValue(option) ?? "") ?? Durability.Fsync;
}
