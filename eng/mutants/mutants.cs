// Plants one bug after the other and looks whether the simulator finds it.
//
//     dotnet run eng/mutants/mutants.cs                       all of them
//     dotnet run eng/mutants/mutants.cs -- --only tail-kept   some of them
//     dotnet run eng/mutants/mutants.cs -- --part 1/2         every second one, beside 2/2
//     dotnet run eng/mutants/mutants.cs -- --list
//
// Exits with 0 if every mutant was caught. It works on a copy in artifacts/mutants; each part on one of its own.
#:property Role=Host
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Diagnostics;
using System.Text.Json;

const string Copy = "artifacts/mutants";
const string Cli = "src/Synod.Cli";

Arguments arguments = Arguments.Parse(args);
string root = RootOf(Environment.CurrentDirectory);
Mutant[] mutants = [.. Directory.GetFiles(Path.Combine(root, "eng/mutants"), "*.txt")
    .Order(StringComparer.Ordinal)
    .SelectMany(Mutant.ReadAll)
    .Where(mutant => arguments.Only.Count == 0 || arguments.Only.Contains(mutant.Name))
    .Where((_, place) => place % arguments.Parts == arguments.Part - 1)];
if (arguments.IsList)
{
    foreach (Mutant mutant in mutants)
        Console.WriteLine($"{mutant.Name}: {mutant.Why}");
    return 0;
}

string tree = Path.Combine(root, arguments.Parts == 1 ? Copy : $"{Copy}-{arguments.Part}");
CopyTree(root, tree);
foreach (Mutant mutant in mutants)
    mutant.Check(tree);

Build(tree);
foreach (string protocol in (string[])["raft", "paxos", "epaxos", "register"])
{
    Verdict sound = Simulate(tree, "1..20", $"--protocol {protocol}");
    if (sound.FirstBadSeed is ulong bad)
        throw new InvalidOperationException($"Without any mutant seed {bad} of {protocol} is bad.");
}

int caught = 0;
foreach (Mutant mutant in mutants)
{
    mutant.Plant(tree);
    Verdict verdict;
    try
    {
        Build(tree);
        verdict = Simulate(tree, arguments.Seeds, mutant.Options);
    }
    catch (InvalidOperationException failure)
    {
        // What it put in place does not fit the code any more: the others are looked at all the same.
        verdict = new Verdict(null, failure.Message, 0);
    }
    finally
    {
        mutant.Remove();
    }

    caught += verdict.FirstBadSeed is null ? 0 : 1;
    string found = verdict.FirstBadSeed is ulong seed ? $"caught by seed {seed}" : "SURVIVED";
    Console.WriteLine(FormattableString.Invariant(
        $"{mutant.Name,-44} {found,-22} {verdict.Seconds,5:F0} s  {verdict.Reason}"));
}

Console.WriteLine($"{mutants.Length} mutants, {caught} caught.");
return caught == mutants.Length ? 0 : 1;

static string RootOf(string directory) => File.Exists(Path.Combine(directory, "Synod.slnx"))
    ? directory
    : RootOf(Path.GetDirectoryName(directory)
        ?? throw new InvalidOperationException("Run this inside a clone of Synod."));

// What is the same stays as it is, so that only what has changed is built.
static void CopyTree(string root, string tree)
{
    string[] kept = Git(root, "ls-files --cached --others --exclude-standard src samples eng *.props *.targets global.json .editorconfig nuget.config");
    HashSet<string> names = [.. kept.Where(file => File.Exists(Path.Combine(root, file)))];
    foreach (string name in names)
    {
        string target = Path.Combine(tree, name);
        Directory.CreateDirectory(Path.GetDirectoryName(target) ?? tree);
        byte[] bytes = File.ReadAllBytes(Path.Combine(root, name));
        if (!File.Exists(target) || !bytes.AsSpan().SequenceEqual(File.ReadAllBytes(target)))
            File.WriteAllBytes(target, bytes);
    }

    foreach (string folder in (string[])["src", "samples", "eng"])
    {
        string whole = Path.Combine(tree, folder);
        foreach (string file in Directory.GetFiles(whole, "*", SearchOption.AllDirectories))
        {
            if (!names.Contains(Path.GetRelativePath(tree, file)))
                File.Delete(file);
        }
    }
}

static string[] Git(string root, string arguments) =>
    Run(root, "git", arguments).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

static void Build(string tree)
{
    (int code, string output) = Run(
        tree, "dotnet", $"build {Cli} -c Release -v q -p:RunAnalyzers=false -nologo");
    if (code != 0)
        throw new InvalidOperationException($"It does not build:\n{output}");
}

static Verdict Simulate(string tree, string seeds, string options)
{
    string program = Path.Combine(tree, "artifacts/bin/Synod.Cli/release/synod");
    string run = $"simulate --seeds {seeds} --until-bad {options}";
    Stopwatch watch = Stopwatch.StartNew();
    (int code, string output) = Run(tree, program, $"{run} --json");
    string last = output.TrimEnd().Split('\n')[^1];
    if (!last.StartsWith('{'))
        throw new InvalidOperationException($"'synod {run}' ended with {code}:\n{output}");

    JsonElement bad = JsonDocument.Parse(last).RootElement.GetProperty("firstBadSeed");
    if (bad.ValueKind == JsonValueKind.Null)
        return new Verdict(null, "", watch.Elapsed.TotalSeconds);

    string again = Run(tree, program, $"simulate --seed {bad.GetUInt64()} {options}").Output;
    string reason = again.Split('\n').FirstOrDefault(
        static line => line.Contains(": violated: ", StringComparison.Ordinal), "");
    reason = reason[(reason.IndexOf(": violated: ", StringComparison.Ordinal) + 12)..];
    int stack = reason.IndexOf("   at ", StringComparison.Ordinal);
    reason = stack < 0 ? reason : reason[..stack];
    return new Verdict(bad.GetUInt64(), reason, watch.Elapsed.TotalSeconds);
}

static (int Code, string Output) Run(string folder, string program, string arguments)
{
    ProcessStartInfo start = new(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
    };
    using Process process = Process.Start(start) ?? throw new InvalidOperationException(program);
    string output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return (process.ExitCode, output);
}

internal sealed record Verdict(ulong? FirstBadSeed, string Reason, double Seconds);

internal sealed record Edit(string File, string Find, string Put);

internal sealed record Arguments(string Seeds, HashSet<string> Only, bool IsList)
{
    public int Part { get; init; } = 1;

    public int Parts { get; init; } = 1;

    public static Arguments Parse(string[] args)
    {
        Arguments parsed = new("1..500", [], false);
        for (int place = 0; place < args.Length; place++)
        {
            parsed = args[place] switch
            {
                "--list" => parsed with { IsList = true },
                "--seeds" when place + 1 < args.Length => parsed with { Seeds = args[++place] },
                "--only" when place + 1 < args.Length => parsed with
                {
                    Only = [.. args[++place].Split(',')],
                },
                "--part" when place + 1 < args.Length => parsed.WithPart(args[++place]),
                _ => throw new ArgumentException(
                    $"'{args[place]}' is unknown: use --list, --only NAME,NAME, --seeds A..B, "
                    + "--part I/N."),
            };
        }

        return parsed;
    }

    private Arguments WithPart(string text)
    {
        int[] numbers = [.. text.Split('/').Select(int.Parse)];
        bool isPart = numbers is [int part, int parts] && part >= 1 && part <= parts;
        return isPart
            ? this with { Part = numbers[0], Parts = numbers[1] }
            : throw new ArgumentException($"'{text}' is no part: write it as 1/2.");
    }
}

/// <summary>One planted bug: edits of text that must stand in the code exactly once.</summary>
internal sealed record Mutant(string Name)
{
    private readonly List<Edit> _edits = [];
    private readonly Dictionary<string, string> _originals = [];

    public string Why { get; private set; } = "";

    /// <summary>More options for the simulator.</summary>
    public string Options { get; private set; } = "";

    public static IEnumerable<Mutant> ReadAll(string path)
    {
        List<Mutant> mutants = [];
        string file = "";
        Queue<string> lines = new(File.ReadAllLines(path));
        while (lines.TryDequeue(out string? line))
        {
            (string word, string text) = Split(line);
            switch (word)
            {
                case "" or "#":
                    break;
                case "mutant":
                    mutants.Add(new Mutant(text));
                    break;
                case "why":
                    mutants[^1].Why = $"{mutants[^1].Why} {text}".Trim();
                    break;
                case "options":
                    mutants[^1].Options = text;
                    break;
                case "in":
                    file = text;
                    break;
                case "replace":
                    string find = Until(lines, "with");
                    mutants[^1]._edits.Add(new Edit(file, find, Until(lines, "end")));
                    break;
                default:
                    throw new FormatException($"{path}: '{line}' is not understood.");
            }
        }

        return mutants;
    }

    /// <summary>Throws if the code has moved away from under it.</summary>
    public void Check(string tree)
    {
        foreach (Edit edit in _edits)
        {
            string text = File.ReadAllText(Path.Combine(tree, edit.File));
            int places = text.Split(edit.Find).Length - 1;
            if (places != 1)
            {
                throw new FormatException(
                    $"{Name}: {edit.File} has {places} places like this one:\n{edit.Find}");
            }
        }
    }

    public void Plant(string tree)
    {
        foreach (Edit edit in _edits)
        {
            string path = Path.Combine(tree, edit.File);
            string text = File.ReadAllText(path);
            _originals.TryAdd(path, text);
            File.WriteAllText(path, text.Replace(edit.Find, edit.Put, StringComparison.Ordinal));
        }
    }

    public void Remove()
    {
        foreach ((string path, string text) in _originals)
            File.WriteAllText(path, text);
        _originals.Clear();
    }

    private static (string Word, string Text) Split(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (line, "") : (line[..space], line[(space + 1)..]);
    }

    private static string Until(Queue<string> lines, string word)
    {
        List<string> taken = [];
        while (lines.TryDequeue(out string? line) && line != word)
            taken.Add(line);
        return string.Join('\n', taken);
    }
}
