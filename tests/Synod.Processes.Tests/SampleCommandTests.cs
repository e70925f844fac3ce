using System.Runtime.CompilerServices;
using Synod.Kernel;

namespace Synod.Processes.Tests;

/// <summary>The commands on the page of the samples do what it says.</summary>
public class SampleCommandTests
{
    [Fact]
    [Feature("G04")]
    public async Task The_samples_run_as_their_page_says()
    {
        string[] commands =
        [
            .. (await File.ReadAllLinesAsync(Page(), TestContext.Current.CancellationToken))
                .Where(static line => line.StartsWith("synod ", StringComparison.Ordinal)),
        ];
        Assert.Equal(2, commands.Length);

        foreach (string command in commands)
        {
            SynodResult result = await SynodProcess.RunAsync(command.Split(' ')[1..]);
            Assert.Equal(("", 0), (result.Errors, result.Code));
        }
    }

    private static string Page([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here) ?? "", "..", "..", "samples", "README.md");
}
