using System.IO.Enumeration;

namespace Synod.Architecture.Tests;

/// <summary>
/// A place that may break one limit, and why. This list is the only way around a limit; paths may
/// hold `*`, and the member is empty where the limit is on the whole file.
/// </summary>
internal sealed record TidyException(string Limit, string Path, string Member, string Reason)
{
    public const string FileLines = "file lines";
    public const string MethodLines = "method lines";
    public const string Parameters = "parameters";
    public const string TypesPerFile = "types per file";

    public static IReadOnlyList<TidyException> All { get; } =
    [
        new(TypesPerFile, "samples/*", "", "a sample is read as one page"),
        new(Parameters, "src/*", "Propose", "an input of the kernel contract, design §3"),
        new(Parameters, "tests/*/Ledger.cs", "Propose", "a kernel as those in src"),
    ];

    public static bool Allows(string limit, string path, string member = "") =>
        All.Any(exception => exception.Matches(limit, path, member));

    public bool Matches(string limit, string path, string member) =>
        Limit == limit
        && Member == member
        && FileSystemName.MatchesSimpleExpression(Path, path, ignoreCase: false);
}
