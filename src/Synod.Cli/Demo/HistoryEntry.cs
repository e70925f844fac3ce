using System.Text.Json.Serialization;

namespace Synod.Cli.Demo;

/// <summary>One operation of a client, as in the history format.</summary>
/// <param name="Process">Sequential; never used again after an unknown outcome.</param>
/// <param name="F"><c>incr</c> or <c>get</c>.</param>
/// <param name="Key">The counter.</param>
/// <param name="Value">How much was added; null for a read.</param>
/// <param name="Call">When it began, in ticks of one clock.</param>
/// <param name="Ret">When it ended; null if that is not known.</param>
/// <param name="Type"><c>ok</c>, <c>fail</c> (certainly not) or <c>info</c> (unknown).</param>
/// <param name="Out">The answer, if it is ok.</param>
internal sealed record HistoryEntry(
    [property: JsonPropertyName("process")] int Process,
    [property: JsonPropertyName("f")] string F,
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("value")] long? Value,
    [property: JsonPropertyName("call")] long Call,
    [property: JsonPropertyName("ret")] long? Ret,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("out")] long? Out)
{
    public bool IsIncrement => F == "incr";

    public bool IsOk => Type == "ok";

    public bool IsUnknown => Type == "info";
}
