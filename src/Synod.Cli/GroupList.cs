using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Synod.Hosting;

namespace Synod.Cli;

/// <summary>Which groups a node serves.</summary>
internal sealed class GroupList
{
    private readonly Option<int> _count = new("--groups")
    {
        Description = "How many groups there are on all nodes: 1, 2 and so on.",
        CustomParser = Allowed.Between(0, 1_000_000),
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<string[]> _some = new("--group")
    {
        Description = "A group on some nodes, as in 7=1,2,5; may be given several times. "
            + "The same on every node.",
        AllowMultipleArgumentsPerToken = false,
    };

    public GroupList() => _some.Validators.Add(static result =>
    {
        foreach (Token token in result.Tokens)
        {
            if (Parse(token.Value) is null)
            {
                result.AddError(
                    $"--group is '{token.Value}': write its number, = and the numbers of its "
                    + "nodes, as in 7=1,2,5.");
            }
        }
    });

    public void AddTo(Command command)
    {
        command.Options.Add(_count);
        command.Options.Add(_some);
    }

    public void Configure(ParseResult parsed, SynodOptions options)
    {
        for (int number = 1; number <= parsed.GetValue(_count); number++)
            options.Groups.Add(new SynodGroupOptions { Id = (ulong)number });
        foreach (string text in parsed.GetValue(_some) ?? [])
        {
            if (Parse(text) is SynodGroupOptions group)
                options.Groups.Add(group);
        }
    }

    private static SynodGroupOptions? Parse(string text)
    {
        string[] parts = text.Split('=');
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (parts.Length != 2 || !ulong.TryParse(parts[0], culture, out ulong id))
            return null;

        SynodGroupOptions group = new() { Id = id };
        foreach (string part in parts[1].Split(','))
        {
            if (!int.TryParse(part, culture, out int node))
                return null;
            group.Members.Add(node);
        }

        return group;
    }
}
