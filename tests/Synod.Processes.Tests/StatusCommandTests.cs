using System.Text.Json;
using Synod.Kernel;

namespace Synod.Processes.Tests;

public sealed class StatusCommandTests
{
    [Fact]
    [Feature("B28")]
    public async Task The_status_of_every_node_is_told_to_people_and_to_programs()
    {
        using TestCluster cluster = await TestCluster.StartAsync();
        Assert.Equal(0, (await cluster.RunAsync("counter add")).Code);
        await cluster.AgreeAsync();
        int leader = await cluster.LeaderAsync();

        SynodResult people = await cluster.RunAsync("cluster status");
        SynodResult programs = await cluster.RunAsync("cluster status --json");

        Assert.Equal((0, 0), (people.Code, programs.Code));
        Assert.Contains("'counter' version 1, durability fsync", people.Output);
        using JsonDocument json = JsonDocument.Parse(programs.Output);
        foreach (JsonElement node in json.RootElement.GetProperty("nodes").EnumerateArray())
        {
            bool leads = node.GetProperty("node").GetInt32() == leader;
            Assert.Equal(leads ? "Leading" : "Following", node.GetProperty("role").GetString());
            Assert.Equal(leads ? "[]" : "null", node.GetProperty("unresponsive").GetRawText());
            Assert.Equal("fsync", node.GetProperty("durability").GetString());
            Assert.Equal(3, node.GetProperty("memberIdentities").GetArrayLength());
            Assert.Equal(1, node.GetProperty("applied").GetInt32());
            Assert.Equal(1, node.GetProperty("sessions").GetInt32());
        }
    }
}
