using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Synod.Cli;

/// <summary>Parsers that say what is allowed when they are given something else.</summary>
internal static class Allowed
{
    public static Func<ArgumentResult, T> Between<T>(T min, T max)
        where T : struct, INumber<T> => result =>
        {
            CultureInfo culture = CultureInfo.InvariantCulture;
            string text = result.Tokens[0].Value;
            if (!T.TryParse(text, culture, out T value) || value < min || value > max)
                result.AddError($"{NameOf(result)} is '{text}': use {min} to {max}.");
            return value;
        };

    public static Func<ArgumentResult, T?> Maybe<T>(Func<ArgumentResult, T> parse)
        where T : struct => result => parse(result);

    public static Func<ArgumentResult, string> OneOf(IReadOnlyCollection<string> names) => result =>
    {
        string text = result.Tokens[0].Value;
        Check(result, [text], names);
        return text;
    };

    public static Func<ArgumentResult, string[]> SomeOf(IReadOnlyCollection<string> names) =>
        result =>
        {
            string[] parts = List(result);
            Check(result, parts, names);
            return parts;
        };

    /// <summary>What was given, separated by commas.</summary>
    public static string[] List(ArgumentResult result) => [.. result.Tokens.SelectMany(
        static token => token.Value.Split(',', StringSplitOptions.TrimEntries))];

    public static string NameOf(ArgumentResult result) => result.Parent is OptionResult option
        ? option.Option.Name
        : result.Argument.Name;

    private static void Check(
        ArgumentResult result, string[] parts, IReadOnlyCollection<string> names)
    {
        foreach (string part in parts.Except(names))
            result.AddError($"{NameOf(result)} is '{part}': use {string.Join(" or ", names)}.");
    }
}
