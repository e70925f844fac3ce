namespace Synod.Cli.Wan;

/// <summary>Where axes end.</summary>
internal static class WanAxis
{
    /// <summary>How many lines an axis has above zero.</summary>
    public const int Steps = 5;

    private static readonly double[] Round = [1, 2, 2.5, 5, 10];

    /// <summary>The end of an axis that shows all up to a value, so that its steps are
    /// round.</summary>
    public static double Ceiling(double value)
    {
        double step = Math.Max(value, 1) / Steps;
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return Steps * power * Round.First(round => round * power >= step);
    }
}
