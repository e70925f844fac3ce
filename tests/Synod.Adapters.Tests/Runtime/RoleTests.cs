using System.Text;
using Synod.Abstractions;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

public sealed class RoleTests
{
    [Fact]
    public void A_status_is_for_everyone_and_a_command_for_clients()
    {
        TestCluster cluster = new TestCluster(1).Start();
        cluster.StepUntil(() => cluster.Leader() is not null);
        RawClient observer = new(cluster, cluster.Nodes[0], ClientRole.Observer);
        RawClient client = new(cluster, cluster.Nodes[0], ClientRole.Client);

        observer.AskStatus(1);
        observer.Add(2);
        client.Add(3);
        cluster.StepUntil(() => observer.Answers.Count == 2 && client.Answers.Count == 1);

        Assert.Equal(ResponseKind.Applied, observer.Answers[1].Kind);
        Assert.Equal(ResponseKind.NotAllowed, observer.Answers[2].Kind);
        Assert.Equal(
            "a Command needs the role Client, and the certificate of this connection gives "
            + "Observer: use one that names synod:client.",
            Encoding.UTF8.GetString(observer.Answers[2].Bytes));
        Assert.Equal(ResponseKind.Applied, client.Answers[3].Kind);
        Assert.Equal(1, BitConverter.ToInt64(client.Answers[3].Bytes));
    }

    [Theory]
    [InlineData(RequestKind.Status, ClientRole.Observer)]
    [InlineData(RequestKind.Command, ClientRole.Client)]
    [InlineData(RequestKind.Query, ClientRole.Client)]
    [InlineData(RequestKind.LocalQuery, ClientRole.Client)]
    [InlineData(RequestKind.Watch, ClientRole.Client)]
    [InlineData(RequestKind.Transfer, ClientRole.Admin)]
    [InlineData((RequestKind)99, ClientRole.Admin)]
    public void Each_kind_of_request_has_the_least_role_that_may_send_it(
        RequestKind kind, ClientRole least)
    {
        foreach (ClientRole role in Enum.GetValues<ClientRole>())
            Assert.Equal(role >= least, Permissions.Objection(role, kind) is null);
    }
}
