namespace Synod.Simulation;

/// <summary>What happens in a group, as lines of text: an input, and indented below it what came of
/// it.</summary>
internal sealed class GroupTrace
{
    private readonly List<string> _lines = [];

    public void Input(string line) => _lines.Add(line);

    public void Outcome(string line) => _lines.Add($"  {line}");

    /// <summary>The lines since the last time.</summary>
    public IReadOnlyList<string> Take()
    {
        string[] taken = [.. _lines];
        _lines.Clear();
        return taken;
    }
}
