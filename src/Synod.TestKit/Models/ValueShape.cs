namespace Synod.TestKit;

/// <summary>A set of values and its name in messages.</summary>
internal sealed record ValueShape(string Name, Func<HistoryValue, bool> Holds)
{
    public static ValueShape Anything { get; } = new("any value", static _ => true);

    public static ValueShape Nothing { get; } =
        new("null", static value => value.IsNull);

    // Null stands for what is not there, so nothing can be put that is null.
    public static ValueShape Something { get; } =
        new("a value that is not null", static value => !value.IsNull);

    public static ValueShape Number { get; } =
        new("a whole number", static value => value.Kind == HistoryKind.Number);

    public static ValueShape Count { get; } =
        new("a number from 0", static value => value.TryGetInt64(out long n) && n >= 0);

    public static ValueShape Boolean { get; } =
        new("true or false", static value => value.Kind == HistoryKind.Boolean);

    public static ValueShape List { get; } =
        new("a list", static value => value.Kind == HistoryKind.List);

    public static ValueShape Pair { get; } = new(
        "a list of two, [from, to]",
        static value => value.Kind == HistoryKind.List && value.AsList().Count == 2);

    public static ValueShape Previous { get; } = new(
        "{\"prev\": value}",
        static value => value.Kind == HistoryKind.Map && value.AsMap().ContainsKey("prev"));

    public ValueShape Or(ValueShape other) =>
        new($"{Name}, or {other.Name}", value => Holds(value) || other.Holds(value));
}
