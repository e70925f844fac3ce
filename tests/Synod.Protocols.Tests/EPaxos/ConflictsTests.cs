using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>The index of what conflicts (protocols §1.4).</summary>
public class ConflictsTests
{
    private readonly EPaxosConflicts _conflicts = new(3);

    [Fact]
    [Feature("A21")]
    public void A_write_conflicts_with_what_reads_or_writes_its_key()
    {
        _conflicts.Add(Id(0, 4), K);
        _conflicts.Add(Id(1, 2), Footprint.Reads("k"u8));
        _conflicts.Add(Id(2, 9), L);

        Assert.Equal(Cover(4, 2), _conflicts.Of(K));
        Assert.Equal(Cover(4), _conflicts.Of(Footprint.Reads("k"u8)));
        Assert.Equal(Cover(0, 0, 9), _conflicts.Of(L));
        Assert.Equal(Cover(), _conflicts.Of(Footprint.Writes("m"u8)));
    }

    [Fact]
    public void What_touches_everything_conflicts_with_everything()
    {
        _conflicts.Add(Id(0, 4), K);
        _conflicts.Add(Id(1, 2), Footprint.Universal);
        _conflicts.Add(Id(2, 3), Footprint.Reads("l"u8));

        Assert.Equal(Cover(4, 2, 3), _conflicts.Of(Footprint.Universal));
        Assert.Equal(Cover(0, 2, 3), _conflicts.Of(L));
        Assert.Equal(Cover(0, 2), _conflicts.Of(Footprint.Reads("l"u8)));
    }

    [Fact]
    public void Of_several_keys_all_count()
    {
        _conflicts.Add(Id(0, 1), K.And(L));
        _conflicts.Add(Id(0, 2), K);
        _conflicts.Add(Id(1, 7), Footprint.Writes("m"u8));

        Assert.Equal(Cover(1), _conflicts.Of(L));
        Assert.Equal(Cover(2, 7), _conflicts.Of(K.And(Footprint.Writes("m"u8))));
    }

    [Fact]
    [Rule(EPaxosRules.UndecidedNoOpConflicts)]
    public void What_nobody_has_told_of_may_be_anything()
    {
        _conflicts.AddUnknown(Id(2, 5));

        Assert.Equal(Cover(0, 0, 5), _conflicts.Of(Footprint.Reads("x"u8)));
    }
}
