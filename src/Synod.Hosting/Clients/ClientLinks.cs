using System.Buffers;
using System.Collections.Concurrent;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Transport;

namespace Synod.Hosting;

/// <summary>The connections of a client to the nodes of a cluster, shared by the clients of its
/// groups: an answer names its group. Safe for use from several threads. A client's own lock is
/// taken within this one's and never the other way round.</summary>
internal sealed class ClientLinks : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<GroupId, SynodClient> _clients = [];
    private readonly IReadOnlyList<string> _addresses;
    private readonly NodeLink?[] _links;
    private readonly (NodeId Identity, TimeSpan Distance)?[] _connected;
    private string _lastTrouble = "";

    /// <summary>Begins to connect at once.</summary>
    public ClientLinks(SynodClientOptions options)
    {
        ClusterId cluster =
            options.Cluster.Length == 0 ? default : ClusterName.ToId(options.Cluster);
        _addresses = options.Nodes;
        _connected = new (NodeId, TimeSpan)?[options.Nodes.Count];
        _links = new NodeLink?[options.Nodes.Count];
        for (int node = 0; node < _links.Length; node++)
        {
            ClientOptions link = new()
            {
                Address = Addresses.Parse(options.Nodes[node]),
                Cluster = cluster,
                Tls = options.Tls?.ToTransport(),
            };
            _links[node] = new NodeLink(this, node, link);
        }
    }

    /// <summary>How many nodes it connects to.</summary>
    public int Nodes => _links.Length;

    /// <summary>The last trouble with a node; empty if there was none.</summary>
    public string LastTrouble
    {
        get
        {
            lock (_gate)
                return _lastTrouble;
        }
    }

    /// <summary>Gives a client its share: it is told of all that is connected, and of all answers
    /// for its group.</summary>
    /// <exception cref="ArgumentException">The group has a client here.</exception>
    public void Add(GroupId group, SynodClient client)
    {
        lock (_gate)
        {
            if (!_clients.TryAdd(group, client))
            {
                throw new ArgumentException(
                    $"These connections have a client of {group}; use that one.", nameof(group));
            }

            for (int node = 0; node < _connected.Length; node++)
            {
                if (_connected[node] is { } peer)
                    client.Connected(node, peer);
            }
        }
    }

    /// <summary>Ends the share of a client; that of one that came after it stays.</summary>
    public void Remove(GroupId group, SynodClient client) =>
        _clients.TryRemove(KeyValuePair.Create(group, client));

    /// <summary>Sends a frame to a node, if it is connected and there is room.</summary>
    /// <param name="node">The node.</param>
    /// <param name="frame">The frame; it is copied.</param>
    /// <param name="isAlone">Nobody is about to send as well: it leaves at once.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Send(int node, ReadOnlySpan<byte> frame, bool isAlone) =>
        _links[node]?.Send(frame, isAlone) == true;

    public void Connected(int node, (NodeId Identity, TimeSpan Distance) peer)
    {
        lock (_gate)
        {
            _connected[node] = peer;
            foreach (SynodClient client in _clients.Values)
                client.Connected(node, peer);
        }
    }

    public void Disconnected(int node, string reason)
    {
        lock (_gate)
        {
            _connected[node] = null;
            _lastTrouble = $"{_addresses[node]}: {reason}";
            foreach (SynodClient client in _clients.Values)
                client.Disconnected(node);
        }
    }

    public void Received(int node, in ReadOnlySequence<byte> frame)
    {
        ReadOnlySpan<byte> bytes = frame.IsSingleSegment ? frame.FirstSpan : frame.ToArray();
        FrameReader reader = new(bytes);
        ResponseHead head = ResponseHead.ReadFrom(ref reader);
        if (reader.IsValid && _clients.TryGetValue(head.Group, out SynodClient? client))
            client.Received(node, bytes);
    }

    public void Dispose()
    {
        foreach (NodeLink? link in _links)
            link?.Dispose();
    }
}
