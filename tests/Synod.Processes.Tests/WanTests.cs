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

    [Theory]
    [InlineData("--lose b --lose-at 20 --seconds 10", "--lose-at is behind the end of the run: use "
        + "less than --seconds, which is 10.")]
    [InlineData("--lose-at 3", "--lose-at tells when: say with --lose which site is lost.")]
    [InlineData("--keep-clients", "--keep-clients is about a site that is lost: say with --lose "
        + "which.")]
    [InlineData("--zipf 0.9 --conflict 5", "--zipf draws all keys itself: leave --conflict away.")]
    public async Task Options_that_do_not_go_together_are_refused(string options, string fault)
    {
        await WriteAsync(",a,b\na,0,5\nb,5,0\n");
        SynodResult result =
            await SynodProcess.RunAsync(["wan", "--rtt", _file, .. options.Split(' ')]);

        Assert.Equal(2, result.Code);
        Assert.Equal($"synod: {fault}", result.Complaints[0]);
        Assert.False(result.HasStackTrace);
    }

    // A timeout is several of the longest round trips, here 5 minutes.
    [Theory]
    [InlineData(",a\na,0\n", 5)]
    [InlineData(",a,b\na,0,60000\nb,60000,0\n", 300)]
    public async Task One_site_and_very_far_ones_are_measured_too(string matrix, int seconds)
    {
        await WriteAsync(matrix);
        SynodResult result = await SynodProcess.RunAsync(
            "wan", "--rtt", _file, "--protocol", "raft,paxos,epaxos", "--clients", "1",
            "--seconds", $"{seconds}", "--json");

        Assert.Equal((0, ""), (result.Code, result.Errors));
    }

    public void Dispose() => File.Delete(_file);

    private Task WriteAsync(string matrix) => File.WriteAllTextAsync(
        _file, matrix, TestContext.Current.CancellationToken);
}
