using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>Says all that is wrong with the groups of a node.</summary>
internal static class GroupChecks
{
    /// <summary>One sentence per fault.</summary>
    public static IEnumerable<string> Faults(SynodOptions options)
    {
        HashSet<ulong> seen = [];
        foreach (SynodGroupOptions group in options.Groups)
        {
            if (group.Id == 0)
                yield return "Groups has the number 0: numbers begin with 1.";
            if (!seen.Add(group.Id))
                yield return $"Groups has {group.GroupId} twice: numbers are for ever and differ.";
        }

        foreach (SynodGroupOptions group in options.GroupsOrOne())
        {
            // What belongs to the node itself is named as the operator has written it.
            string place = options.Groups.Count == 0 ? "" : $"{group.GroupId}: ";
            foreach (string fault in Faults(options, group))
                yield return place + fault;
        }
    }

    private static IEnumerable<string> Faults(SynodOptions options, SynodGroupOptions group)
    {
        int[] members = [.. group.MembersAmong(options.Nodes.Keys)];
        if (members.Length is < 1 or > MemberSet.MembersMax)
        {
            string what = options.Groups.Count == 0 ? "Nodes" : "Members";
            yield return $"{what} has {members.Length} entries: 1 to {MemberSet.MembersMax} "
                + "are possible.";
        }

        if (members.Distinct().Count() != members.Length)
            yield return $"Members ({string.Join(", ", members)}) names a node twice.";
        foreach (int stranger in members.Except(options.Nodes.Keys))
        {
            yield return $"Members names node {stranger}, which is none of Nodes "
                + $"({string.Join(", ", options.Nodes.Keys)}).";
        }

        string protocol = group.ProtocolOr(options.Protocol);
        if (!Protocols.Names.Contains(protocol))
        {
            yield return $"Protocol is '{protocol}': use "
                + $"{string.Join(" or ", Protocols.Names)}.";
        }

        if (FaultOf((group.Raft ?? options.Raft).Validate) is string raft)
            yield return $"Raft: {raft}";
        if (FaultOf((group.MultiPaxos ?? options.MultiPaxos).Validate) is string paxos)
            yield return $"MultiPaxos: {paxos}";
        if (FaultOf((group.EPaxos ?? options.EPaxos).Validate) is string epaxos)
            yield return $"EPaxos: {epaxos}";
        if (FaultOf((group.Register ?? options.Register).Validate) is string register)
            yield return $"Register: {register}";
    }

    private static string? FaultOf(Action validate)
    {
        try
        {
            validate();
            return null;
        }
        catch (ArgumentException fault)
        {
            return fault.Message;
        }
    }
}
