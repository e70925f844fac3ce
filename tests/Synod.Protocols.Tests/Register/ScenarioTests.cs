using Synod.Register;

namespace Synod.Protocols.Tests.Register;

/// <summary>The texts in the folder <c>Scenarios</c>; see <see cref="ScenarioFolder"/>.</summary>
public class ScenarioTests
{
    private static readonly ScenarioFolder Folder = new("Register", new RegisterProtocol());

    public static TheoryData<string> Files() => Folder.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void A_scenario_has_the_trace_that_is_written_down(string file) => Folder.Check(file);
}
