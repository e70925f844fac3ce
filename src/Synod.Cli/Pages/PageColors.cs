namespace Synod.Cli.Pages;

/// <summary>A color for each curve, told apart also by those who see fewer colors.</summary>
internal static class PageColors
{
    private static readonly string[] Colors =
        ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];

    public static string Of(int place) => Colors[place % Colors.Length];
}
