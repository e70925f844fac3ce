using System.CommandLine;
using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Cli;

/// <summary>The options that several commands have in common.</summary>
internal static class CommonOptions
{
    public static Option<string> Protocol(string what = "The protocol") => new("--protocol")
    {
        Description = $"{what}: {string.Join(", ", Protocols.Names)}.",
        CustomParser = Allowed.OneOf(Protocols.Names),
        DefaultValueFactory = static _ => "raft",
    };

    public static Option<int> Nodes(string what) => new("--nodes")
    {
        Description = $"How many {what}, 1 to {MemberSet.MembersMax}.",
        CustomParser = Allowed.Between(1, MemberSet.MembersMax),
        DefaultValueFactory = static _ => 3,
    };

    public static Option<double> Timeout() => new("--timeout")
    {
        Description = "How many seconds to try.",
        CustomParser = Allowed.Between(0.001, 86_400.0),
        DefaultValueFactory = static _ => 5,
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "One JSON object on the last line, and nothing else.",
    };
}
