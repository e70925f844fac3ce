using Synod.Hosting;
using Story = Synod.Simulation.Scenario;

namespace Synod.Cli.Scenario;

/// <summary>Scenarios on the disk.</summary>
internal static class ScenarioFiles
{
    /// <summary>Reads one that may name any protocol there is.</summary>
    public static Story Read(string file) => Story.Parse(
        file,
        File.ReadAllText(file),
        [.. Protocols.Names.Select(static name =>
            Protocols.Create(new SynodOptions { Protocol = name }))]);
}
