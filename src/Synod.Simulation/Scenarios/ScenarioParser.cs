using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Understands a scenario line by line, and gathers the faults.</summary>
internal sealed class ScenarioParser(string file, IReadOnlyList<IProtocol> protocols)
{
    private readonly List<ScenarioLine> _lines = [];
    private readonly List<string> _faults = [];
    private ScenarioHeader? _header;
    private int _number;

    /// <exception cref="ScenarioException">There were faults.</exception>
    public ScenarioHeader Header
    {
        get
        {
            if (_header is null && _faults.Count == 0)
                Fault($"there is no command; the first one is '{ScenarioHeader.Usage}'");
            if (_header is null || _faults.Count > 0)
                throw new ScenarioException(_faults);
            return _header;
        }
    }

    public List<ScenarioLine> Lines => _lines;

    public void Add(string line)
    {
        _number++;
        if (line.StartsWith(' ') || line.StartsWith('\t'))
            AddTrace(line);
        else if (line.Length == 0 || line[0] == '#')
            _lines.Add(new ScenarioLine(line, null));
        else
            AddCommand(line);
    }

    private void AddTrace(string line)
    {
        if (_lines.Count == 0 || _lines[^1].Command is null)
            Fault("a line that is indented is the trace of the command above it; there is none");
        else
            _lines[^1].Expected.Add(line.TrimEnd());
    }

    private void AddCommand(string line)
    {
        string name = line.Split(' ')[0];
        ScenarioForm? form = ScenarioForms.Find(name);
        string usage = _header is null || form is null ? ScenarioHeader.Usage : form.Usage;
        Action<ScenarioRun> command = Nothing;
        try
        {
            if (_header is null)
                _header = ParseHeader(line, name);
            else if (form is null)
                UnknownCommand(name);
            else
                command = ParseCommand(line, form);
        }
        catch (ScenarioFault fault)
        {
            Fault($"{fault.Message}; write '{usage}'");
        }

        _lines.Add(new ScenarioLine(line, command));
    }

    private ScenarioHeader ParseHeader(string line, string name)
    {
        // What is wrong here is said once; the lines below are looked at all the same.
        _header = new ScenarioHeader(
            new GroupSetup(protocols[0], MemberSet.MembersMax, 1), SettlesByHand: false);
        if (name != ScenarioHeader.Name)
            throw new ScenarioFault($"the first command is '{name}', not the group");
        return ScenarioHeader.Parse(new ScenarioWords(line, 0), protocols);
    }

    private Action<ScenarioRun> ParseCommand(string line, ScenarioForm form)
    {
        ScenarioWords words = new(line, _header?.Setup.Members ?? 0);
        words.Require(form.Name);
        return form.Parse(words);
    }

    private void UnknownCommand(string name)
    {
        string known = string.Join(", ", ScenarioForms.All.Select(static form => form.Name));
        Fault(name == ScenarioHeader.Name
            ? "the group is named once, in the first command"
            : $"'{name}' is no command: use {known}");
    }

    private void Fault(string message) => _faults.Add($"{file}, line {_number}: {message}");

    private static void Nothing(ScenarioRun run)
    {
    }
}
