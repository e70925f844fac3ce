using System.Diagnostics;
using System.Globalization;
using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

[Collection(Alone.Name)]
public class OutstandingRequestsTests
{
    private const int Requests = 10_000;

    [Fact]
    [Feature("D02")]
    public async Task Ten_thousand_outstanding_requests_on_one_connection_hold_no_threads()
    {
        using SmallPool pool = new();
        await using TestNode node = TestNode.Start(TestNode.Options(1));
        TestClientSink sink = new();
        using ClientConnection client = new(new() { Address = node.Address }, sink);
        client.Start();
        await sink.ConnectedAsync;
        int threadsBefore = ThreadsCount();

        for (int number = 0; number < Requests; number++)
            client.Send(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        client.Flush();
        await node.Sink.Clients.CountAsync(Requests);
        int threadsWhileOutstanding = ThreadsCount();

        foreach ((ConnectionId from, byte[] bytes) in node.Sink.Clients.All)
            node.Transport.Reply(from, bytes);
        node.Transport.Flush();
        await sink.Frames.CountAsync(Requests);

        Assert.InRange(
            threadsWhileOutstanding, 0, threadsBefore + Environment.ProcessorCount + 2);
        Assert.Equal(
            Enumerable.Range(0, Requests).Select(static number => $"{number}"), sink.Frames.All);
    }

    [Fact]
    public async Task A_thousand_connections_hold_no_threads()
    {
        using SmallPool pool = new();
        await using TestNode node = TestNode.Start(
            TestNode.Options(1) with { HandshakeTimeout = TimeSpan.FromMinutes(1) });
        int threadsBefore = ThreadsCount();
        List<RawPeer> clients = [];
        for (int number = 0; number < 1000; number++)
        {
            RawPeer client = await RawPeer.DialAsync(node.Address);
            clients.Add(client);
            await client.SendAsync(RawPeer.FrameOf(RawPeer.Client()));
            await client.SendAsync(RawPeer.FrameOf(FrameKind.Data, "here"u8));
        }

        await node.Sink.Clients.CountAsync(1000);
        Assert.Equal(1000, node.Transport.ClientsCount);
        Assert.InRange(
            ThreadsCount(), 0, threadsBefore + Environment.ProcessorCount + 2);
        clients.ForEach(static client => client.Dispose());
        await node.Sink.News.CountAsync(1000);
    }

    private static int ThreadsCount()
    {
        using Process self = Process.GetCurrentProcess();
        return self.Threads.Count;
    }
}
