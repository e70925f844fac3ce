using System.Net;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

public class ListenerTests
{
    [Fact]
    public async Task A_port_in_use_is_named_with_what_to_do()
    {
        await using TestNode first = TestNode.Start(TestNode.Options(1));
        await using TcpTransport second = new(
            TestNode.Options(2) with { Listen = first.Transport.Bound });

        TransportException thrown = Assert.Throws<TransportException>(
            () => second.Start(new TestSink()));

        Assert.Equal(
            $"the port of {first.Place} is in use: another process listens there (find it with "
            + "'ss -ltnp'). Stop it, or listen at another port; 0 takes any free one.",
            thrown.Message);
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:0")]
    [InlineData("192.0.2.1:7001")]
    public async Task An_address_that_others_reach_is_refused_without_TLS(string address)
    {
        IPEndPoint listen = IPEndPoint.Parse(address);
        await using TcpTransport transport = new(TestNode.Options(1) with { Listen = listen });

        TransportException thrown = Assert.Throws<TransportException>(
            () => transport.Start(new TestSink()));

        Assert.Equal(
            $"{address} is reachable from other machines and there is no TLS: whoever reaches the "
            + "port could speak for a node. Configure Tls, or listen at 127.0.0.1, or allow it "
            + "with AllowInsecure where the network is trusted.",
            thrown.Message);
    }

    [Fact]
    public async Task An_address_that_others_reach_is_allowed_insecurely()
    {
        await using TestNode node = TestNode.Start(TestNode.Options(1) with
        {
            Listen = new IPEndPoint(IPAddress.Any, 0),
            AllowInsecure = true,
        });

        Assert.NotEqual(0, node.Transport.Bound.Port);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named()
    {
        await using TcpTransport transport = new(TestNode.Options(1) with
        {
            Listen = IPEndPoint.Parse("192.0.2.1:7001"),
            AllowInsecure = true,
        });

        TransportException thrown = Assert.Throws<TransportException>(
            () => transport.Start(new TestSink()));

        Assert.Equal(
            "192.0.2.1:7001 is no address of this machine. Listen at one that it has.",
            thrown.Message);
    }

    [Fact]
    public async Task A_transport_that_never_started_can_be_disposed()
    {
        TcpTransport transport = new(TestNode.Options(1));

        await transport.DisposeAsync();
        await transport.DisposeAsync();
    }

    [Fact]
    public void Options_that_cannot_work_are_refused()
    {
        Assert.Throws<ArgumentException>(
            () => new TcpTransport(TestNode.Options(1) with { Peers = [new(1)] }));
        Assert.Throws<ArgumentException>(
            () => new TcpTransport(TestNode.Options(1) with { Peers = [new(2), new(2)] }));
        Assert.Throws<ArgumentException>(
            () => new TcpTransport(TestNode.Options(1) with { Cluster = default }));
        Assert.Throws<ArgumentException>(
            () => new TcpTransport(TestNode.Options(1) with { RedialMax = TimeSpan.Zero }));
    }
}
