using Synod.Kernel;
using Synod.Simulation;

namespace Synod.Protocols.Tests;

/// <summary>The scenarios of a protocol: every text has the trace that is written in it, whole.
/// SYNOD_UPDATE=1 writes it anew; expectations and promises hold all the same.</summary>
internal sealed class ScenarioFolder(string protocol, IProtocol implementation)
{
    private readonly string _folder = Path.Combine(
        Repository.Root, "tests", "Synod.Protocols.Tests", protocol, "Scenarios");

    public TheoryData<string> Files =>
        [.. Directory.GetFiles(_folder, "*.txt")
            .Select(static file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal)];

    public string Read(string file) => File.ReadAllText(Path.Combine(_folder, file));

    public void Check(string file)
    {
        ScenarioResult result = Scenario.Parse(file, Read(file), [implementation]).Run();
        Assert.True(result.Failure is null, $"{result.Failure}\n{result.Text}");
        if (Environment.GetEnvironmentVariable("SYNOD_UPDATE") == "1")
            File.WriteAllText(Path.Combine(_folder, file), result.Text);
        else
            Assert.Equal("", result.Difference);
    }
}
