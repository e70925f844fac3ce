using System.Text.Json;

namespace Synod.Processes.Tests;

/// <summary>The wide-area lab from the command line.</summary>
public sealed class WanTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public async Task Latencies_per_site_come_as_text_json_and_page()
    {
        await WriteAsync(",CA,VA,EU\nCA,0.2,72,151\nVA,72,0.2,88\nEU,151,88,0.2\n");
        string page = Path.ChangeExtension(_file, "html");
        SynodResult result = await SynodProcess.RunAsync(
            "wan", "--rtt", _file, "--protocol", "epaxos", "--seconds", "5",
            "--html", page, "--json");

        Assert.Equal((0, ""), (result.Code, result.Errors));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement root = json.RootElement;
        Assert.Equal("epaxos", root.GetProperty("protocol").GetString());
        JsonElement[] sites = [.. root.GetProperty("sites").EnumerateArray()];
        Assert.Equal(
            ["CA", "VA", "EU"], sites.Select(static site => site.GetProperty("site").GetString()));
        Assert.Equal(
            [72.2, 72.2, 88.2],
            sites.Select(static site => site.GetProperty("commitP50Ms").GetDouble()));
        Assert.All(sites, static site => Assert.Equal(
            site.GetProperty("commitP99Ms").GetDouble(),
            site.GetProperty("executeP99Ms").GetDouble()));

        string html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        File.Delete(page);
        Assert.Contains("<svg", html);
        Assert.DoesNotContain("http://", html);
        Assert.DoesNotContain("https://", html);
    }

    [Theory]
    [InlineData("raft,epaxos", "epaxos, 0 % conflicts")]
    [InlineData("paxos", "paxos, far leads")]
    public async Task Several_protocols_are_shown_one_after_the_other(
        string protocols, string title)
    {
        await WriteAsync(",near,mid,far\nnear,0,10,40\nmid,10,0,30\nfar,40,30,0\n");
        SynodResult result = await SynodProcess.RunAsync(
            "wan", "--rtt", _file, "--protocol", protocols, "--seconds", "2", "--leader", "far");

        Assert.Equal(0, result.Code);
        Assert.Contains(title, result.Output);
    }

    [Theory]
    [InlineData(",a,b\na,0,5\nb,6,0\n", "row 3 (b), column 2 (a): the matrix is not symmetric")]
    [InlineData(",a,b\na,0,-5\nb,-5,0\n", "row 2 (a), column 3 (b): '-5' is no round trip")]
    [InlineData(",a,b\na,0,5\n", "the matrix is not square")]
    public async Task What_is_no_matrix_is_refused_with_file_row_and_column(
        string matrix, string fault)
    {
        await WriteAsync(matrix);
        SynodResult result = await SynodProcess.RunAsync("wan", "--rtt", _file);

        Assert.Equal(1, result.Code);
        Assert.Contains(_file, result.Complaints[0]);
        Assert.Contains(fault, result.Errors);
        Assert.False(result.HasStackTrace);
    }

    [Fact]
    public async Task A_leader_that_is_no_site_is_refused()
    {
        await WriteAsync(",a,b\na,0,5\nb,5,0\n");
        SynodResult result = await SynodProcess.RunAsync(
            "wan", "--rtt", _file, "--protocol", "raft", "--leader", "c");

        Assert.Equal(1, result.Code);
        Assert.Contains("--leader is 'c': use a or b.", result.Errors);
    }

    public void Dispose() => File.Delete(_file);

    private Task WriteAsync(string matrix) => File.WriteAllTextAsync(
        _file, matrix, TestContext.Current.CancellationToken);
}
