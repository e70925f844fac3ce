using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>What is no history is refused, with the line and the fault.</summary>
public class MalformedHistoryTests
{
    private const string Header = """{"history":"synod-history/1","model":"kv"}""";

    private const string Put = """
        {"process":0,"f":"put","key":"k","value":1,"call":0,"ret":9,"type":"ok","out":null}
        """;

    [Theory]
    [InlineData("", 1, "there is no header")]
    [InlineData("{", 1, "it is not JSON")]
    [InlineData("[]", 1, "it is no JSON object")]
    [InlineData(Put, 1, "there is no header with history \"synod-history/1\"")]
    [InlineData(
        """{"history":"synod-history/2","model":"kv"}""",
        1,
        "history is \"synod-history/2\": only \"synod-history/1\" is known")]
    [InlineData(
        """{"history":"synod-history/1","model":"stack"}""",
        1,
        "model is \"stack\": known are counter, kv, queue, once, owned, lock, log, txn")]
    [InlineData("""{"history":"synod-history/1"}""", 1, "model is missing")]
    public void A_wrong_header_is_named(string text, int line, string fault) =>
        AssertRefused(text, line, fault);

    [Theory]
    [InlineData("\"call\":0,", "", "call is missing")]
    [InlineData("\"value\":1,", "", "value is missing")]
    [InlineData(",\"out\":null", "", "out is missing")]
    [InlineData("\"ret\":9", "\"ret\":null", "type is ok, but ret is missing")]
    [InlineData("\"call\":0", "\"call\":10", "call is 10, after ret, which is 9")]
    [InlineData("\"ok\"", "\"done\"", "type is \"done\": use ok, fail or info")]
    [InlineData(
        "\"ok\"",
        "\"info\"",
        "type is info, so that ret must be null: it may happen at any later time")]
    [InlineData(
        "\"put\"", "\"pop\"", "f is \"pop\": the model kv has get, put, cas, delete, add")]
    [InlineData(
        "\"put\"", "\"cas\"", "value of cas is 1: use a list of two, [from, to]")]
    [InlineData(
        "\"out\":null", "\"out\":7", "out of put is 7: use null, or {\"prev\": value}")]
    [InlineData(
        "\"value\":1",
        "\"value\":1.5",
        "value is wrong: 1.5 is no whole number of 64 bits, and no other number is allowed")]
    [InlineData(
        "\"value\":1",
        "\"value\":9223372036854775808",
        "value is wrong: 9223372036854775808 is no whole number of 64 bits, and no other number "
            + "is allowed")]
    [InlineData("\"value\":1", "\"value\":\"\\ud800\"", "value has a string that is not Unicode")]
    [InlineData("\"process\":0", "\"process\":\"p\"", "process is \"p\", which is no number")]
    [InlineData("}", "", "it is not JSON")]
    public void A_wrong_operation_is_named(string right, string wrong, string fault) =>
        AssertRefused($"{Header}\n\n{PutWith(right, wrong)}", 3, fault);

    [Fact]
    public void A_process_that_overlaps_itself_is_named() => AssertRefused(
        $"{Header}\n{Put.Replace("\"call\":0", "\"call\":8", StringComparison.Ordinal)}\n{Put}",
        2,
        "process 0 overlaps itself: it is called at 8, before 9, when its operation in line 3 "
            + "returns");

    [Fact]
    public void A_process_that_goes_on_after_an_unknown_outcome_is_named() => AssertRefused(
        $"{Header}\n{Put}\n" + """
        {"process":0,"f":"get","key":"k","value":null,"call":10,"ret":null,"type":"info"}
        {"process":0,"f":"get","key":"k","value":null,"call":20,"ret":21,"type":"ok","out":1}
        """,
        4,
        "process 0 is used again after its unknown outcome in line 3");

    [Fact]
    public void Unknown_fields_are_ignored()
    {
        using StringReader reader = new(
            $"{Header}\n{Put.Replace("\"f\"", "\"node\":[1.5],\"f\"", StringComparison.Ordinal)}");

        Assert.Single(History.Read(reader).Operations);
    }

    private static string PutWith(string right, string wrong) =>
        Put.Replace(right, wrong, StringComparison.Ordinal);

    private static void AssertRefused(string text, int line, string fault)
    {
        using StringReader reader = new(text);

        HistoryException refusal =
            Assert.Throws<HistoryException>(() => History.Read(reader));

        Assert.Equal((line, fault), (refusal.Line, refusal.Fault));
        Assert.Equal($"line {line}: {fault}", refusal.Message);
    }
}
