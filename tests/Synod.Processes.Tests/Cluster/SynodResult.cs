namespace Synod.Processes.Tests;

/// <summary>How a command line has ended, and what it said.</summary>
internal sealed record SynodResult(int Code, string Output, string Errors)
{
    private const StringComparison Exact = StringComparison.Ordinal;

    /// <summary>The errors without the usage text behind them.</summary>
    public string[] Complaints =>
        [.. Errors.Split('\n').Where(static line => line.StartsWith("synod: ", Exact))];

    public bool HasUsage => Errors.Contains("Usage:", Exact);

    /// <summary>Whether a reader of ours would be shown code of ours.</summary>
    public bool HasStackTrace =>
        Errors.Contains("   at ", Exact) || Errors.Contains("Exception", Exact);
}
