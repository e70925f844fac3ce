using System.Text.Json;

namespace Synod.Processes.Tests;

/// <summary><c>synod check</c> as a user runs it.</summary>
public sealed class CheckTests : IDisposable
{
    private const string Good = """
        {"history":"synod-history/1","model":"counter"}
        {"process":1,"f":"incr","key":"k","value":1,"call":0,"ret":10,"type":"ok","out":1}
        """;

    private const string Lost = Good + "\n" + """
        {"process":2,"f":"get","key":"k","value":null,"call":11,"ret":12,"type":"ok","out":0}
        """;

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public async Task A_good_history_exits_with_0()
    {
        SynodResult result = await CheckAsync(Good);

        Assert.Equal((0, ""), (result.Code, result.Errors));
        Assert.StartsWith("Linearizable: 1 operations as counter", result.Output);
    }

    [Fact]
    public async Task A_bad_history_exits_with_1_and_is_explained()
    {
        string page = $"{_file}.html";

        SynodResult result = await CheckAsync(Lost, "--html", page);

        Assert.Equal((1, ""), (result.Code, result.Errors));
        Assert.StartsWith("Not linearizable as counter, on key \"k\":", result.Output);
        Assert.StartsWith("<!doctype html>", File.ReadAllText(page));
        File.Delete(page);
    }

    [Theory]
    [InlineData(Good, "linearizable", 1)]
    [InlineData(Lost, "not linearizable", 2)]
    public async Task The_last_line_is_one_object(string history, string verdict, int operations)
    {
        SynodResult result = await CheckAsync(history, "--json");

        JsonElement report = JsonDocument.Parse(result.Output.Split('\n')[^1]).RootElement;
        Assert.Equal(
            (verdict, operations),
            (report.GetProperty("verdict").GetString(),
                report.GetProperty("operations").GetInt32()));
        Assert.True(report.GetProperty("milliseconds").GetDouble() >= 0);
    }

    [Fact]
    public async Task What_is_undecided_in_time_exits_with_3()
    {
        SynodResult result = await CheckAsync(Good, "--budget", "0");

        Assert.Equal((3, ""), (result.Code, result.Errors));
        Assert.StartsWith("Undecided: the time budget of 0 s is spent.", result.Output);
    }

    [Fact]
    public async Task Another_model_finds_the_operation_that_it_does_not_have()
    {
        SynodResult result = await CheckAsync(Good, "--model", "kv");

        Assert.Equal(
            (4, "", $"synod: {_file}, line 2: f is \"incr\": the model kv has get, put, cas, "
                + "delete, add"),
            (result.Code, result.Output, result.Errors));
    }

    [Fact]
    public async Task A_malformed_history_exits_with_4_and_names_the_line()
    {
        SynodResult result = await CheckAsync(Good + "\n{");

        Assert.Equal(
            (4, "", $"synod: {_file}, line 3: it is not JSON"),
            (result.Code, result.Output, result.Errors));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_exits_with_4()
    {
        SynodResult result = await SynodProcess.RunAsync("check", "/nowhere/history.jsonl");

        Assert.Equal(4, result.Code);
        Assert.StartsWith("synod: /nowhere/history.jsonl cannot be read: ", result.Errors);
    }

    public void Dispose() => File.Delete(_file);

    private async Task<SynodResult> CheckAsync(string history, params string[] arguments)
    {
        File.WriteAllText(_file, history);
        return await SynodProcess.RunAsync(["check", _file, .. arguments]);
    }
}
