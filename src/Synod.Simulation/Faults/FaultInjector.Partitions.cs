using Synod.Kernel;

namespace Synod.Simulation;

/// <content>Who cannot reach whom.</content>
internal sealed partial class FaultInjector
{
    // Every third time it is both deaf and mute, else one of them.
    private bool Isolate(Fault fault)
    {
        bool isDeaf = fault.Amount % 3 != 1;
        bool isMute = fault.Amount % 3 != 2;
        return Block(fault, _network.Links.Where(link =>
            (isDeaf && link.To.Id == fault.Node) || (isMute && link.From.Id == fault.Node)));
    }

    private bool Split(Fault fault, SeededRandom random)
    {
        ulong side = random.NextBits();
        return Block(fault, _network.Links.Where(link =>
            ((side >> (int)link.From.Id.Number) & 1) != ((side >> (int)link.To.Id.Number) & 1)));
    }

    private bool CutOneWay(Fault fault) => Block(fault, _network.Links.Where(link =>
        link.From.Id == fault.Node && link.To.Id == fault.Peer));

    private bool Block(Fault fault, IEnumerable<Link> links)
    {
        Link[] blocked = [.. links];
        foreach (Link link in blocked)
            _network.Block(link);
        Once(fault, () =>
        {
            foreach (Link link in blocked)
                SimulatedNetwork.Unblock(link);
        });
        return blocked.Length > 0;
    }

    // Where one node that is cut off takes the majority away, leaders do not follow each other.
    private bool Succeed(Fault fault, SeededRandom random)
    {
        if (_nodes.Count < 3)
            return false;

        Succession succession = new(world, cluster, cluster.GroupOf(fault), random);
        Once(fault, succession.End);
        succession.Begin();
        return true;
    }

    private bool Dethrone(Fault fault, SeededRandom random)
    {
        Dethronement dethronement = new(world, cluster, cluster.GroupOf(fault), random);
        Once(fault, dethronement.End);
        return dethronement.TryBegin();
    }
}
