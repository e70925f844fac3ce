namespace Synod.Architecture.Tests;

/// <summary>Who may see whom. A project that is not listed may see nothing.</summary>
internal static class Layers
{
    private static readonly string[] Vocabulary = ["Synod.Kernel"];

    private static readonly string[] Ports = ["Synod.Kernel", "Synod.Abstractions"];

    private static readonly string[] Facade = [.. Ports, "Synod.Runtime", "Synod.Hosting"];

    /// <summary>The protocols: siblings, each of which sees the vocabulary alone.</summary>
    public static IReadOnlyList<string> Protocols { get; } =
        ["Raft", "MultiPaxos", "EPaxos", "Register"];

    private static readonly Dictionary<string, string[]> Visible = new()
    {
        ["Synod.Kernel"] = [],
        ["Synod.Abstractions"] = Vocabulary,
        ["Synod.Runtime"] = Ports,
        ["Synod.Storage"] = Ports,
        ["Synod.Transport"] = Ports,
        ["Synod.KeyValue"] = Ports,
        ["Synod.TestKit"] = Ports,
        ["Synod.Simulation"] =
            [.. Ports, "Synod.Runtime", "Synod.Storage", "Synod.TestKit"],
        ["Synod.Hosting"] =
        [
            .. Ports,
            .. Protocols.Select(static name => $"Synod.{name}"),
            "Synod.Runtime",
            "Synod.Storage",
            "Synod.Transport",
            "Synod.KeyValue",
        ],
        ["Synod.Server"] = Facade,
        ["Synod.Cli"] =
        [
            .. Facade, "Synod.Simulation", "Synod.TestKit", "Synod.Samples.Counter",
            "Synod.Samples.QueueWithLength", "Synod.Samples.Register", "Synod.Samples.Workloads",
        ],
        ["Synod.Samples.Workloads"] =
        [
            .. Facade, "Synod.Simulation", "Synod.TestKit", "Synod.Samples.Counter",
            "Synod.Samples.QueueWithLength", "Synod.Samples.Register",
        ],
    };

    public static bool Allow(string project, string other) =>
        VisibleFrom(project).Contains(other);

    public static IReadOnlyList<string> VisibleFrom(string project)
    {
        if (Protocols.Any(name => project == $"Synod.{name}"))
            return Vocabulary;

        bool isSample = project.StartsWith("Synod.Samples.", StringComparison.Ordinal);
        return Visible.GetValueOrDefault(project, isSample ? Ports : []);
    }
}
