using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

public class EpochDescriptorTests
{
    private static readonly LeaseTerms Lease = new() { Promise = TimeSpan.FromSeconds(1) };

    private static readonly EpochDescriptor Sample = new()
    {
        Id = new EpochId(3, new Lineage(0x0123_4567)),
        Protocol = "raft",
        Members = [Identity(1, 10), Identity(2, 20), Identity(3, 30)],
        NamedLeader = new Member(1),
        Parameters = new EpochParameters { Machine = "counter" },
    };

    private static readonly (string Field, EpochDescriptor Descriptor)[] Variants =
    [
        ("protocol", Sample with { Protocol = "epaxos" }),
        ("node", Sample with { Members = [Identity(9, 10), Identity(2, 20), Identity(3, 30)] }),
        ("disk", Sample with { Members = [Identity(1, 11), Identity(2, 20), Identity(3, 30)] }),
        ("order", Sample with { Members = [Identity(2, 20), Identity(1, 10), Identity(3, 30)] }),
        ("count", Sample with { Members = [Identity(1, 10), Identity(2, 20)] }),
        ("leader", Sample with { NamedLeader = new Member(2) }),
        ("nobody", Sample with { NamedLeader = null }),
        ("machine", With(Sample.Parameters with { Machine = "queue" })),
        ("version", With(Sample.Parameters with { MachineVersion = 2 })),
        ("footprints", With(Sample.Parameters with { FootprintVersion = 2 })),
        ("format", With(Sample.Parameters with { FormatVersion = 2 })),
        ("durable", With(Sample.Parameters with { Durability = Durability.Memory })),
        ("lease", With(Sample.Parameters with { Lease = Lease })),
        ("drift", With(Sample.Parameters with { Lease = Lease with { ClockDrift = 7 } })),
        ("margin", With(Sample.Parameters with { Lease = Lease with { Margin = default } })),
    ];

    [Fact]
    public void A_descriptor_is_read_back_as_it_was_written()
    {
        foreach (EpochDescriptor descriptor in All())
        {
            FrameReader reader = new(Bytes(descriptor));
            EpochDescriptor read = EpochDescriptor.ReadFrom(ref reader);

            Assert.True(reader.IsComplete);
            Assert.Equivalent(descriptor, read, strict: true);
            Assert.Equal(Bytes(descriptor), Bytes(read));
        }
    }

    [Fact]
    public void The_canonical_bytes_never_change() =>
        Assert.Equal(
            "0103000000674523010000000000000000000000000400000072616674030100000"
            + "00A0000000000000002000000140000000000000003000000"
            + "1E00000000000000010107000000636F756E74657201000000010000000100000001"
            + "00000000000000001027000050C3000000000000",
            Convert.ToHexString(Bytes(Sample)));

    [Fact]
    public void Any_field_that_differs_gives_another_lineage()
    {
        List<Lineage> lineages = [.. All().Select(LineageOf)];

        Assert.Distinct(lineages);
        Assert.Equal(lineages, All().Select(LineageOf));
    }

    [Fact]
    public void A_lineage_hangs_on_cluster_group_randomness_and_change()
    {
        Lineage origin = Lineage.Origin(new ClusterId(1), new GroupId(2), 3);

        Assert.Distinct(
        [
            origin,
            Lineage.Origin(new ClusterId(2), new GroupId(2), 3),
            Lineage.Origin(new ClusterId(1), new GroupId(3), 3),
            Lineage.Origin(new ClusterId(1), new GroupId(2), 4),
            origin.Next(1, "x"u8),
            origin.Next(2, "x"u8),
            origin.Next(1, "y"u8),
            origin.Next(1, "x"u8).Next(1, "x"u8),
        ]);
        Assert.Equal("5696b2644a7a0bad184b080430ceef18", $"{origin.Number:x32}");
    }

    [Fact]
    public void Bytes_of_anyone_are_refused_or_canonical()
    {
        byte[] good = Bytes(Sample);
        Seeds.ForEach(3000, random =>
        {
            byte[] bytes = [.. good];
            for (long flips = random.Below(4); flips >= 0; flips--)
                bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
            FrameReader reader = new(bytes.AsSpan(0, (int)random.Below(bytes.Length + 1)));
            EpochDescriptor read = EpochDescriptor.ReadFrom(ref reader);

            if (reader.IsComplete)
                Assert.Equal(bytes, Bytes(read));
        });
    }

    [Fact]
    public void Members_are_found_by_identity_and_by_name()
    {
        Assert.Equal(new Member(1), Sample.Find(Identity(2, 20)));
        Assert.Null(Sample.Find(Identity(2, 21)));
        Assert.Equal(new Member(1), Sample.Find(new NodeId(2)));
        Assert.Null(Sample.Find(new NodeId(4)));
        Assert.Equal(MemberSet.All(3), Sample.All);
    }

    private static IEnumerable<EpochDescriptor> All() =>
        Variants.Select(static variant => variant.Descriptor).Prepend(Sample);

    private static Lineage LineageOf(EpochDescriptor descriptor) =>
        EpochDescriptor.First(new Lineage(1), 5, descriptor).Id.Lineage;

    private static EpochDescriptor With(EpochParameters parameters) =>
        Sample with { Parameters = parameters };

    private static MemberIdentity Identity(uint node, ulong incarnation) =>
        new(new NodeId(node), new Incarnation(incarnation));

    private static byte[] Bytes(EpochDescriptor descriptor)
    {
        FrameBuffer buffer = new();
        descriptor.WriteTo(buffer);
        return buffer.Written.ToArray();
    }
}
