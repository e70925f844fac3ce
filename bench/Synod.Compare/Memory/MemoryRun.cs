using System.Diagnostics;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Kernel;

namespace Synod.Compare.Memory;

/// <summary>Three replicas in one process, in memory, on one thread: what replication costs where
/// nothing is flushed and nothing leaves. Clients are in the same thread and count as well.
/// </summary>
internal sealed class MemoryRun(string protocol, int clients, int payloadBytes)
{
    private const int Nodes = 3;

    // So many turns of all nodes between two looks at the clock.
    private const int TurnsPerLook = 8;

    private static readonly TimeSpan ElectionMax = TimeSpan.FromSeconds(30);

    private readonly MemoryClients _clients = new(clients, payloadBytes);
    private readonly long _origin = Stopwatch.GetTimestamp();

    /// <summary>Runs for a while and measures the second part of it.</summary>
    public MemoryRow Run(TimeSpan warmUp, TimeSpan window)
    {
        IProtocol its = Protocols.Create(new SynodOptions { Protocol = protocol });
        MemoryNode[] nodes = [.. Enumerable.Range(1, Nodes).Select(
            number => new MemoryNode(number, Nodes, its, _clients))];
        try
        {
            foreach (MemoryNode node in nodes)
                node.Start(Now(), nodes);
            Pump(nodes, ElectionMax, () => ServeAsTheyShould(nodes));
            _clients.Begin(nodes.Where(static node => node.Serves));
            Pump(nodes, warmUp, static () => false);
            return Measure(nodes, window);
        }
        finally
        {
            foreach (MemoryNode node in nodes)
                node.Dispose();
        }
    }

    private MemoryRow Measure(MemoryNode[] nodes, TimeSpan window)
    {
        long done = _clients.Done;
        NodeUsage before = NodeUsage.OfThisProcess();
        long begun = Stopwatch.GetTimestamp();
        Pump(nodes, window, static () => false);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(begun);
        NodeUsage used = NodeUsage.OfThisProcess() - before;
        double commands = Math.Max(1, _clients.Done - done);
        return new MemoryRow
        {
            Protocol = protocol,
            Clients = clients,
            PayloadBytes = payloadBytes,
            CommandsPerSecond = commands / elapsed.TotalSeconds,
            CpuUsPerCommand = used.Cpu.TotalMicroseconds / commands,
            AllocatedBytesPerCommand = used.AllocatedBytes / commands,
        };
    }

    private bool ServeAsTheyShould(MemoryNode[] nodes) => Protocols.HasLeader(protocol)
        ? nodes.Any(static node => node.Serves)
        : nodes.All(static node => node.Serves);

    private void Pump(MemoryNode[] nodes, TimeSpan within, Func<bool> isEnough)
    {
        Func<Instant> clock = Now;
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < within && !isEnough())
        {
            for (int turn = 0; turn < TurnsPerLook; turn++)
            {
                foreach (MemoryNode node in nodes)
                    node.Turn(clock);
            }
        }
    }

    private Instant Now() => new(Stopwatch.GetElapsedTime(_origin).Ticks);
}
