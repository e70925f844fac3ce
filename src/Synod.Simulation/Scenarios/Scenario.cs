using System.Text;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A story about a group of bare kernels as text: one command a line, and indented below
/// it the whole trace that it is expected to have. The same text has the same trace in every
/// process. Immutable, hence safe for use from several threads.</summary>
public sealed class Scenario
{
    private readonly ScenarioHeader _header;
    private readonly List<ScenarioLine> _lines;

    private Scenario(ScenarioHeader header, List<ScenarioLine> lines)
    {
        _header = header;
        _lines = lines;
    }

    /// <summary>The protocol that it names.</summary>
    public IProtocol Protocol => _header.Setup.Protocol;

    /// <summary>How many members there are.</summary>
    public int MemberCount => _header.Setup.Members;

    /// <summary>The lines that are no trace.</summary>
    internal IEnumerable<string> Commands => _lines.Select(static line => line.Text);

    /// <summary>Whether members begin to live and nothing else happens.</summary>
    internal bool IsOnlyStart => CommandCount == 2;

    /// <summary>How many commands there are.</summary>
    public int CommandCount => _lines.Count(static line => line.Command is not null);

    /// <summary>Understands a text.</summary>
    /// <param name="file">What faults call it.</param>
    /// <param name="text">The text.</param>
    /// <param name="protocols">The protocols that it may name.</param>
    /// <exception cref="ScenarioException">It is no scenario: all faults, by line.</exception>
    public static Scenario Parse(string file, string text, IReadOnlyList<IProtocol> protocols)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(protocols);
        ScenarioParser parser = new(file, protocols);
        string[] lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        foreach (string line in lines)
            parser.Add(line);
        return new Scenario(parser.Header, parser.Lines);
    }

    /// <summary>Runs it, up to its end or to the first command that fails.</summary>
    public ScenarioResult Run()
    {
        GroupTrace trace = new();
        ScenarioRun run = new(_header, trace);
        List<string> seen = [];
        List<string> expected = [];
        string? failure = null;
        foreach (ScenarioLine line in _lines)
        {
            seen.Add(line.Text);
            expected.Add(line.Text);
            expected.AddRange(line.Expected);

            // What comes behind a failure did not happen, and is no difference.
            if (failure is not null)
                seen.AddRange(line.Expected);
            else if (line.Command is not null)
                failure = run.Do(line.Command);
            seen.AddRange(trace.Take().Select(static did => $"  {did}"));
        }

        return new ScenarioResult
        {
            Text = Join(seen),
            Difference = LineDifference.Between(expected, seen),
            Failure = failure,
        };
    }

    /// <summary>The group at its end.</summary>
    /// <exception cref="ArgumentException">It has failed, or nothing was started.</exception>
    internal KernelGroup Reach()
    {
        ScenarioRun run = new(_header, null);
        foreach (ScenarioLine line in _lines)
        {
            if (line.Command is not null && run.Do(line.Command) is string failure)
                throw new ArgumentException($"The scenario fails: {failure}.");
        }

        return run.Group;
    }

    private static string Join(List<string> lines)
    {
        StringBuilder text = new();
        foreach (string line in lines)
            text.Append(line).Append('\n');
        return text.ToString();
    }
}
