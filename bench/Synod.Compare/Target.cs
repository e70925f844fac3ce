namespace Synod.Compare;

/// <summary>A number that is wanted, and the one that was measured.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Measured">Not a number where nothing was.</param>
/// <param name="Wanted">The limit.</param>
/// <param name="IsFloor">Whether it is the least that is wanted, not the most.</param>
internal sealed record Target(string Name, double Measured, double Wanted, bool IsFloor)
{
    public string Verdict =>
        double.IsNaN(Measured) ? "not measured" : IsReached ? "reached" : "missed";

    public bool IsReached => IsFloor ? Measured >= Wanted : Measured <= Wanted;

    public static Target AtLeast(string name, double measured, double wanted) =>
        new(name, measured, wanted, IsFloor: true);

    public static Target AtMost(string name, double measured, double wanted) =>
        new(name, measured, wanted, IsFloor: false);
}
