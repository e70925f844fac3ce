using Synod.Cli.Bench;
using Synod.Compare.Rivals;

namespace Synod.Compare;

/// <summary>The numbers that are wanted of a comparison: ratios, which hold on every machine.
/// </summary>
internal sealed class Targets(Comparison comparison)
{
    private const string Raft = "raft";

    private static readonly string[] Ordered = [Raft, "paxos"];

    public IReadOnlyList<Target> All() =>
    [
        .. Ordered.Where(comparison.Has).SelectMany(Throughput),
        .. Ordered.Where(comparison.Has).SelectMany(Latency),
        .. Ordered.Where(comparison.Has).Select(Reads),
        .. Cpu("epaxos", 1.5),
        .. Cpu("register", 2),
        .. comparison.Plan.Protocols.Where(comparison.Has).Select(Flushes),
    ];

    private IEnumerable<Target> Throughput(string protocol) =>
    [
        Target.AtLeast(
            $"{protocol}: puts/s, of etcd's",
            RatioToEtcd(protocol, LoadKind.Puts, static row => row.OperationsPerSecond),
            15),
        Target.AtMost(
            $"{protocol}: server CPU per put, of etcd's",
            RatioToEtcd(protocol, LoadKind.Puts, static row => row.ServerCpuUsPerOperation),
            1.0 / 18),
    ];

    private IEnumerable<Target> Latency(string protocol) =>
    [
        Target.AtMost(
            $"{protocol}: p50 of one client, of two round trips and a flush while all flush",
            comparison.Median(protocol, LoadKind.OnePut, P50)
                / comparison.Machine.Floor.TotalMicroseconds,
            1.5),
        Target.AtMost(
            $"{protocol}: p50 of one client, of etcd's",
            RatioToEtcd(protocol, LoadKind.OnePut, P50),
            0.25),
    ];

    private Target Reads(string protocol) => Target.AtLeast(
        $"{protocol}: linearizable reads/s, of etcd's",
        RatioToEtcd(protocol, LoadKind.Reads, static row => row.OperationsPerSecond),
        30);

    private IEnumerable<Target> Cpu(string protocol, double wanted) => comparison.Has(protocol)
        ?
        [
            Target.AtMost(
                $"{protocol}: server CPU per put, of raft's",
                Ratio(protocol, Raft, LoadKind.Puts, static row => row.ServerCpuUsPerOperation),
                wanted),
        ]
        : [];

    // What a turn appends is one batch.
    private Target Flushes(string protocol) => Target.AtMost(
        $"{protocol}: flushes per turn of a node, under puts",
        comparison.Median(protocol, LoadKind.Puts, static row => row.FlushesPerTurn),
        1);

    private double RatioToEtcd(string protocol, LoadKind load, Func<BenchRow, double> number) =>
        Ratio(protocol, EtcdProcess.Name, load, number);

    private double Ratio(string one, string other, LoadKind load, Func<BenchRow, double> number) =>
        comparison.Median(one, load, number) / comparison.Median(other, load, number);

    private static double P50(BenchRow row) => row.P50.TotalMicroseconds;
}
