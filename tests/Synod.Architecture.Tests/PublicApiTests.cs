namespace Synod.Architecture.Tests;

/// <summary>What users can see is a text file, so that a change of it is reviewed.</summary>
public class PublicApiTests
{
    private const string Folder = "tests/Synod.Architecture.Tests/PublicApi";

    private static readonly IReadOnlyList<Project> Libraries =
        [.. Project.In("src").Where(static project => project.Role != "Host")];

    [Fact]
    public void The_public_surface_is_the_one_that_was_reviewed() =>
        Finding.AssertNone(Libraries.SelectMany(Differences));

    [Fact]
    public void Every_reviewed_surface_belongs_to_a_library() =>
        Finding.AssertNone(
            from path in Repository.Files(Folder, "*.txt")
            where !Libraries.Any(library => FileOf(library) == path)
            select new Finding(path, 1, "no library has this name; remove the file"));

    private static IEnumerable<Finding> Differences(Project library)
    {
        string path = FileOf(library);
        string actual = PublicApi.Of(library.AssemblyName);
        if (Repository.IsUpdating)
            Write(path, actual);

        string expected = File.Exists(Repository.Absolute(path)) ? Repository.Read(path) : "";
        return expected == actual ? [] : [FirstDifference(path, expected, actual)];
    }

    private static Finding FirstDifference(string path, string expected, string actual)
    {
        string[] old = expected.Split('\n');
        string[] now = actual.Split('\n');
        int line = old.Zip(now).TakeWhile(static pair => pair.First == pair.Second).Count();
        return new Finding(
            path,
            line + 1,
            $"reviewed '{LineOf(old, line)}', is '{LineOf(now, line)}'; "
            + "if that is meant, run the tests with SYNOD_UPDATE=1 and review the change");
    }

    private static string LineOf(string[] lines, int index) =>
        index < lines.Length ? lines[index].Trim() : "";

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Repository.Absolute(Folder));
        File.WriteAllText(Repository.Absolute(path), text);
    }

    private static string FileOf(Project library) => $"{Folder}/{library.AssemblyName}.txt";
}
