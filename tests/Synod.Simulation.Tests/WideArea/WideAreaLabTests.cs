using Synod.Kernel;

namespace Synod.Simulation.Tests.WideArea;

/// <summary>What clients at far sites wait for, against what theory says.</summary>
public sealed class WideAreaLabTests
{
    private const double Tolerance = 1;

    public static TheoryData<string, int> ProtocolsAndSites => new MatrixTheoryData<string, int>(
        ["raft", "paxos", "epaxos"], [3, 5, 7]);

    [Theory]
    [MemberData(nameof(ProtocolsAndSites))]
    [Feature("A21")]
    public void Without_conflicts_every_commit_takes_what_the_formula_says(
        string protocol, int sites)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            SeededRandom random = new(seed);
            RoundTrips map = Maps.Random(sites, random);
            int leader = (int)random.Below(sites);
            WideAreaReport report = WideAreaLab.Run(Maps.Run(protocol, map, leader));
            for (int site = 0; site < sites; site++)
            {
                double formula = (protocol == "epaxos"
                    ? WideAreaFormulas.FastCommit(map, site)
                    : WideAreaFormulas.LeaderCommit(map, leader, site)).TotalMilliseconds;
                Latencies committed = report.Sites[site].Committed;
                Assert.True(committed.Count > 0);
                Assert.Equal(formula, committed.At(0).TotalMilliseconds, Tolerance);
                Assert.Equal(formula, committed.At(0.5).TotalMilliseconds, Tolerance);
                Assert.Equal(formula, committed.At(1).TotalMilliseconds, Tolerance);
                Assert.Equal(
                    formula, report.Sites[site].Executed.At(1).TotalMilliseconds, Tolerance);
            }
        }
    }

    // Protocols §5.4.
    [Theory]
    [InlineData("epaxos", new[] { 72.0, 72, 88 })]
    [InlineData("raft", new[] { 72.0, 144, 223 })]
    [InlineData("paxos", new[] { 72.0, 144, 223 })]
    [InlineData("epaxos", new[] { 72.0, 88, 145, 93, 121 })]
    [InlineData("raft", new[] { 72.0, 144, 223, 131, 185 })]
    [InlineData("paxos", new[] { 72.0, 144, 223, 131, 185 })]
    public void The_medians_on_the_known_maps_are_those_of_the_tables(
        string protocol, double[] medians)
    {
        RoundTrips map = medians.Length == 3 ? Maps.Three : Maps.Five;
        WideAreaReport report = WideAreaLab.Run(Maps.Run(protocol, map));

        for (int site = 0; site < medians.Length; site++)
        {
            Assert.Equal(
                medians[site],
                report.Sites[site].Committed.At(0.5).TotalMilliseconds,
                Tolerance);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [Feature("A21")]
    public void Where_all_commands_conflict_a_commit_takes_two_rounds_at_most(int sites)
    {
        RoundTrips map = sites == 3 ? Maps.Three : Maps.Five;
        WideAreaReport report = WideAreaLab.Run(
            Maps.Run("epaxos", map) with { ConflictPercent = 100, ClientsPerSite = 10 });

        for (int site = 0; site < sites; site++)
        {
            SiteReport one = report.Sites[site];
            double slow = WideAreaFormulas.SlowCommit(map, site).TotalMilliseconds;
            Assert.Equal(slow, one.Committed.At(0.5).TotalMilliseconds, Tolerance);
            Assert.True(one.Committed.At(1).TotalMilliseconds <= slow + Tolerance);
            Assert.True(one.Executed.At(0.5) >= one.Committed.At(0.5));
        }

        Assert.Contains(
            report.Sites, static one => one.Executed.At(1) > one.Committed.At(1));
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("epaxos")]
    public void Equal_seeds_give_equal_runs_and_others_do_not(string protocol)
    {
        WideAreaOptions options = Maps.Run(protocol, Maps.Three) with
        {
            Jitter = TimeSpan.FromMilliseconds(10),
            ConflictPercent = 20,
            ReadPercent = 20,
        };

        Assert.Equal(Digest(options), Digest(options));
        Assert.NotEqual(Digest(options), Digest(options with { Seed = 2 }));
    }

    [Fact]
    public void A_flush_is_waited_for_once_under_a_leader_that_sends_meanwhile()
    {
        TimeSpan flush = TimeSpan.FromMilliseconds(10);
        WideAreaReport report = WideAreaLab.Run(
            Maps.Run("raft", Maps.Three) with { FlushTime = flush, ClientsPerSite = 1 });

        double formula = WideAreaFormulas.LeaderCommit(Maps.Three, 0, 0).TotalMilliseconds;
        double best = report.Sites[0].Committed.At(0).TotalMilliseconds;
        Assert.Equal(formula + 10, best, Tolerance);
    }

    [Fact]
    public void What_is_lost_is_sent_again_and_holds_up_what_is_behind_it()
    {
        WideAreaOptions calm = Maps.Run("raft", Maps.Three);
        SiteReport lossy = WideAreaLab.Run(calm with { LossPercent = 1 }).Sites[0];

        Assert.Equal(72.2, lossy.Executed.At(0.5).TotalMilliseconds, Tolerance);
        Assert.True(lossy.Executed.At(0.999) > TimeSpan.FromMilliseconds(250));
        Assert.Equal(0, lossy.Failed);
    }

    [Fact]
    public void Calls_at_a_rate_do_not_wait_for_each_other()
    {
        WideAreaReport report = WideAreaLab.Run(
            Maps.Run("raft", Maps.Three) with { RatePerSite = 200 });

        Assert.All(
            report.Sites, static site => Assert.InRange(site.Executed.Count, 1700, 2300));
    }

    [Theory]
    [InlineData("raft", 0)]
    [InlineData("paxos", 0)]
    [InlineData("epaxos", 0)]
    [InlineData("raft", 1)]
    [InlineData("paxos", 4)]
    [InlineData("epaxos", 2)]
    public void A_lost_site_stops_the_others_only_where_it_leads(string protocol, int lost)
    {
        WideAreaOptions options = Maps.Run(protocol, Maps.Five) with
        {
            Duration = TimeSpan.FromSeconds(20),
            Loss = new WideAreaLoss(lost, TimeSpan.FromSeconds(5)),
        };
        WideAreaReport report = WideAreaLab.Run(options);

        Assert.True(report.Sites[lost].IsLost);
        foreach (SiteReport site in report.Sites.Where(static site => !site.IsLost))
        {
            TimeSpan usual = site.Executed.At(0.5);
            Assert.Equal(protocol != "epaxos" && lost == 0, site.LongestGap > usual * 2);
            Assert.Equal(0, site.Failed);
            Assert.True(site.OldestOpen <= site.Executed.At(1));
            Assert.True(site.LongestGap < TimeSpan.FromSeconds(8));
        }
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("epaxos")]
    public void Clients_of_a_member_that_is_lost_go_to_others(string protocol)
    {
        WideAreaReport report = WideAreaLab.Run(Maps.Run(protocol, Maps.Five) with
        {
            Duration = TimeSpan.FromSeconds(20),
            Loss = new WideAreaLoss(1, TimeSpan.FromSeconds(5), KeepsClients: true),
        });
        SiteReport site = report.Sites[1];

        Assert.False(site.IsLost);
        Assert.Equal(0, site.Failed);
        Assert.True(site.OldestOpen < TimeSpan.FromSeconds(1));
        Assert.Equal(protocol == "epaxos", site.LongestGap > TimeSpan.FromSeconds(1));
        Assert.True(site.LongestGap < TimeSpan.FromSeconds(3));
    }

    // A try takes longer than a second there, and even numbers of members have other quorums.
    [Theory]
    [InlineData("raft", 2)]
    [InlineData("epaxos", 2)]
    [InlineData("epaxos", 4)]
    [InlineData("epaxos", 6)]
    [InlineData("paxos", 4)]
    public void Sites_may_be_very_far_from_each_other_and_of_any_number(string protocol, int sites)
    {
        RoundTrips map = Maps.Random(sites, new SeededRandom(7), farthest: 2_500);
        WideAreaReport report = WideAreaLab.Run(
            Maps.Run(protocol, map) with { Duration = TimeSpan.FromSeconds(60) });
        for (int site = 0; site < sites; site++)
        {
            double formula = (protocol == "epaxos"
                ? WideAreaFormulas.FastCommit(map, site)
                : WideAreaFormulas.LeaderCommit(map, 0, site)).TotalMilliseconds;
            Assert.Equal(
                formula, report.Sites[site].Committed.At(0.5).TotalMilliseconds, Tolerance);
            Assert.Equal(0, report.Sites[site].Failed);
        }
    }

    [Fact]
    public void Where_commands_conflict_a_lost_site_holds_up_those_that_wait_for_its_own()
    {
        WideAreaOptions options = Maps.Run("epaxos", Maps.Five) with
        {
            ConflictPercent = 20,
            RatePerSite = 50,
            Duration = TimeSpan.FromSeconds(20),
            Loss = new WideAreaLoss(0, TimeSpan.FromSeconds(5)),
        };
        SiteReport calm = WideAreaLab.Run(options with { Loss = null }).Sites[1];
        SiteReport site = WideAreaLab.Run(options).Sites[1];

        Assert.True(site.LongestGap < TimeSpan.FromMilliseconds(500));
        Assert.InRange(
            site.Executed.At(1),
            calm.Executed.At(1) + TimeSpan.FromMilliseconds(100),
            TimeSpan.FromSeconds(10));
        Assert.Equal(0, site.Failed);
    }

    private static string Digest(WideAreaOptions options) => string.Join(' ', WideAreaLab
        .Run(options).Sites
        .Select(static site =>
            $"{site.Executed.Count} {site.Executed.At(0.5).Ticks} {site.Executed.At(1).Ticks}"));
}
