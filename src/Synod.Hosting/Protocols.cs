using Synod.EPaxos;
using Synod.Kernel;
using Synod.MultiPaxos;
using Synod.Raft;
using Synod.Register;

namespace Synod.Hosting;

/// <summary>The protocols by name: the only place that knows them all.</summary>
public static class Protocols
{
    private const int RoundTripsPerTimeout = 5;
    private static readonly TimeSpan TimeoutMin = TimeSpan.FromMilliseconds(500);

    /// <summary>The names that <see cref="SynodOptions.Protocol"/> can have.</summary>
    public static IReadOnlyList<string> Names { get; } = ["raft", "paxos", "epaxos", "register"];

    /// <summary>Whether one member leads; if not, any member serves.</summary>
    /// <exception cref="ArgumentException">There is no protocol of this name.</exception>
    public static bool HasLeader(string protocol) => protocol switch
    {
        "raft" or "paxos" => true,
        "epaxos" or "register" => false,
        _ => throw Unknown(protocol),
    };

    /// <summary>A protocol whose members are far from each other: nobody is taken for lost, and
    /// nothing is sent again, before several of the longest round trips.</summary>
    /// <param name="protocol">Its name.</param>
    /// <param name="longestRoundTrip">Between any two of them; from 0 to 12 minutes.</param>
    /// <exception cref="ArgumentException">There is no protocol of this name, or the round trip is
    /// out of its range.</exception>
    public static IProtocol CreateFor(string protocol, TimeSpan longestRoundTrip)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longestRoundTrip, TimeSpan.Zero);
        TimeSpan several = RoundTripsPerTimeout * longestRoundTrip;
        TimeSpan timeout = several > TimeoutMin ? several : TimeoutMin;
        return Create(new SynodOptions
        {
            Protocol = protocol,
            Raft = new RaftOptions { ElectionTimeout = timeout },
            MultiPaxos = new MultiPaxosOptions { ElectionTimeout = timeout },
            EPaxos = new EPaxosOptions
            {
                RecoverAfter = timeout,
                ResendAfter = timeout / 2,
                FastWait = longestRoundTrip,
            },
            Register = new RegisterOptions { ResendAfter = timeout / 2 },
        });
    }

    /// <summary>The protocol of a node, for groups that name none.</summary>
    /// <exception cref="ArgumentException">There is no protocol of this name, or an option of it is
    /// out of its range.</exception>
    public static IProtocol Create(SynodOptions options) =>
        Create(options, new SynodGroupOptions());

    /// <summary>The protocol of a group of a node.</summary>
    /// <exception cref="ArgumentException">There is no protocol of this name, or an option of it is
    /// out of its range.</exception>
    public static IProtocol Create(SynodOptions options, SynodGroupOptions group)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(group);
        string name = group.ProtocolOr(options.Protocol);
        return name switch
        {
            "raft" => new RaftProtocol(RaftIn(options, group)),
            "paxos" => new MultiPaxosProtocol(MultiPaxosIn(options, group)),
            "epaxos" => new EPaxosProtocol(group.EPaxos ?? options.EPaxos),
            "register" => new RegisterProtocol(group.Register ?? options.Register),
            _ => throw Unknown(name),
        };
    }

    private static ArgumentException Unknown(string protocol) =>
        new($"There is no protocol '{protocol}'.");

    private static RaftOptions RaftIn(SynodOptions options, SynodGroupOptions group)
    {
        RaftOptions raft = group.Raft ?? options.Raft;
        return options.ForwardsCommands ? raft with { ForwardsProposals = true } : raft;
    }

    private static MultiPaxosOptions MultiPaxosIn(SynodOptions options, SynodGroupOptions group)
    {
        MultiPaxosOptions paxos = group.MultiPaxos ?? options.MultiPaxos;
        return options.ForwardsCommands ? paxos with { ForwardsProposals = true } : paxos;
    }
}
