using Synod.EPaxos;
using Synod.Kernel;
using Synod.Protocols.Tests.Groups;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>A member of a group of EPaxos, and ways to look inside.</summary>
internal sealed class EPaxosMember(int self, EPaxosSetup setup) : GroupMember(self, setup)
{
    public override EPaxosReplica Kernel => (EPaxosReplica)base.Kernel;

    public override EPaxosReplica OnDisk => (EPaxosReplica)base.OnDisk;

    /// <summary>A member that is up, on its own.</summary>
    public static EPaxosMember Of(int self, int members, EPaxosOptions? options = null)
    {
        EPaxosMember member = new(
            self,
            new EPaxosSetup(members)
            {
                Options = options ?? new EPaxosOptions(),
                SettlesEachInput = true,
            });
        member.Restart();
        return member;
    }

    /// <summary>What it knows of an instance, in words; empty if nothing.</summary>
    public string Knows(int owner, long slot)
    {
        InstanceId id = new(new Member((byte)owner), slot);
        if (Kernel.State.Find(id) is not EPaxosInstance instance)
            return "";

        string what = instance.Holds == EPaxosValueKind.Command
            ? string.Join(" ", Enumerable.Range(0, instance.Count)
                .Select(place => TextOf(instance.CommandAt(place))))
            : $"{instance.Holds}";
        return $"{instance.Phase} {what} {instance.Promised} {instance.AcceptedIn} "
            + $"{instance.Dep}{(instance.IsExecuted ? " executed" : "")}";
    }
}
