using System.Text;
using System.Text.Json;
using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Cli.Demo;

/// <summary>What came out of a demo.</summary>
internal sealed record DemoReport
{
    public required DemoPlan Plan { get; init; }

    public required CounterVerdict Verdict { get; init; }

    /// <summary>What the checker for all histories says. The direct verdict counts where that is
    /// undecided in time.</summary>
    public required CheckResult Check { get; init; }

    public required long FinalValue { get; init; }

    public required bool DigestsEqual { get; init; }

    public required int Kills { get; init; }

    public required int Pauses { get; init; }

    public required int Restarts { get; init; }

    public RoleFaults? Roles { get; init; }

    public required TimeSpan LongestGap { get; init; }

    public required TimeSpan? MedianKillGap { get; init; }

    public required TimeSpan? MedianPauseGap { get; init; }

    /// <summary>Of each kill and each key.</summary>
    public required IReadOnlyList<KeyGap> KeyGaps { get; init; }

    public required TimeSpan P50 { get; init; }

    public required TimeSpan P99 { get; init; }

    public required TimeSpan Flush { get; init; }

    public required TimeSpan RoundTrip { get; init; }

    /// <summary>What one command costs at the least: two round trips and one flush.</summary>
    public TimeSpan Floor => (2 * RoundTrip) + Flush;

    public bool IsLinearizable =>
        Verdict.Fault is null && Check is not CheckResult.NotLinearizable;

    public bool IsGood =>
        Verdict is { Lost: 0, Acknowledged: > 0 } && IsLinearizable && DigestsEqual;

    private string Who => Plan.HasLeader ? "leaders" : "nodes";

    private string Order => Verdict.Fault
        ?? (Check as CheckResult.NotLinearizable)?.Violation.ToText()
        ?? "linearizable";

    public string ToJson()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("protocol", Plan.Protocol);
            json.WriteString("durability", DurabilityText.NameOf(Plan.Durability));
            json.WriteNumber("nodes", Plan.Nodes);
            json.WriteNumber("clients", Plan.Clients);
            json.WriteNumber("keys", Plan.Keys);
            json.WriteNumber("acknowledged", Verdict.Acknowledged);
            json.WriteNumber("unknown", Verdict.Unknown);
            json.WriteNumber("finalValue", FinalValue);
            json.WriteNumber("lost", Verdict.Lost);
            json.WriteNumber("kills", Kills);
            json.WriteNumber("pauses", Pauses);
            json.WriteNumber("restarts", Restarts);
            json.WriteNumber("longestGapMs", Milliseconds(LongestGap));
            json.WriteBoolean("linearizable", IsLinearizable);
            json.WriteBoolean("digestsEqual", DigestsEqual);
            Roles?.WriteTo(json);
            Write(json, "medianFailoverMs", MedianKillGap);
            Write(json, "medianSilentLeaderMs", MedianPauseGap);
            Write(json, "medianKeyGapMs", KeyGapAt(50));
            Write(json, "longestKeyGapMs", KeyGapAt(100));
            Write(json, "longestGapElsewhereMs", KeyGapAt(100, elsewhere: true));
            json.WriteNumber("p50Us", Microseconds(P50));
            json.WriteNumber("p99Us", Microseconds(P99));
            json.WriteNumber("flushUs", Microseconds(Flush));
            json.WriteNumber("roundTripUs", Microseconds(RoundTrip));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string WhatItShows =>
        "What this shows: kill -9 ends a process between any two instructions, and nothing "
        + "acknowledged was lost with it." + Environment.NewLine
        + "What it does not show: a killed process leaves what it wrote to the operating system, "
        + "which writes it to the disk later even if it was never flushed. Only a power failure "
        + "would prove the flushes; that every answer waits for one is shown by the tests that "
        + "watch and fail the flush itself.";

    private string NothingIsFlushed =>
        $"Durability {DurabilityText.NameOf(Plan.Durability)}: nothing is flushed, so a power "
        + "failure, or the end of a process, may cost what was acknowledged.";

    public string ToText()
    {
        double rate = Verdict.Acknowledged / Plan.Duration.TotalSeconds;
        StringBuilder text = new();
        text.AppendLine();
        Add($"{Verdict.Acknowledged} increments acknowledged ({rate:F0} a second), "
            + $"{Verdict.Unknown} unknown, final value {FinalValue}.");
        Add($"Lost: {Verdict.Lost}. Order: {Order}. "
            + $"Replicas: {(DigestsEqual ? "equal" : "DIFFERENT")}.");
        Add($"Latency: p50 {P50.TotalMicroseconds:F0} us, p99 {P99.TotalMicroseconds:F0} us, with "
            + $"{Plan.Clients} clients; two round trips ({RoundTrip.TotalMicroseconds:F0} us each) "
            + $"and one flush ({Flush.TotalMicroseconds:F0} us) are "
            + $"{Floor.TotalMicroseconds:F0} us.");
        foreach (string line in Faults())
            Add(line);
        Add($"Longest time without a success: {LongestGap.TotalMilliseconds:F0} ms.");
        text.AppendLine();
        Add(Plan.Durability == Durability.Fsync ? WhatItShows : NothingIsFlushed);
        return text.ToString();

        void Add(string line) => text.AppendLine(line);
    }

    private IEnumerable<string> Faults()
    {
        if (MedianKillGap is TimeSpan killGap)
        {
            yield return $"{Kills} {Who} killed; median {killGap.TotalMilliseconds:F0} ms from the "
                + "kill to the next success.";
        }

        if (Plan.Keys > 1 && KeyGapAt(50) is TimeSpan median && KeyGapAt(100) is TimeSpan longest)
        {
            yield return $"Of each of the {Plan.Keys} keys: median "
                + $"{median.TotalMilliseconds:F0} ms, at most {longest.TotalMilliseconds:F0} ms "
                + "from a kill to its next success.";
        }

        if (KeyGapAt(100, elsewhere: true) is TimeSpan elsewhere)
        {
            yield return "Of keys that no client of the killed node uses: at most "
                + $"{elsewhere.TotalMilliseconds:F0} ms.";
        }

        if (MedianPauseGap is TimeSpan pauseGap)
        {
            yield return $"{Pauses} {Who} paused; median {pauseGap.TotalMilliseconds:F0} ms from "
                + "the pause to the next success: a silent one is missed only after a timeout.";
        }

        if (Restarts > 0)
            yield return $"{Restarts} {Who} told to stop: each handed over, went and came back.";
        if (Roles is { Kills: > 0 })
            yield return Roles.ToText();
    }

    private TimeSpan? KeyGapAt(int percent, bool elsewhere = false)
    {
        TimeSpan[] gaps = [.. KeyGaps
            .Where(gap => gap.IsElsewhere || !elsewhere)
            .Select(static gap => gap.Time)
            .Order()];
        return gaps.Length == 0 ? null : gaps[(gaps.Length - 1) * percent / 100];
    }

    private static void Write(Utf8JsonWriter json, string name, TimeSpan? value)
    {
        if (value is TimeSpan time)
            json.WriteNumber(name, Milliseconds(time));
        else
            json.WriteNull(name);
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);

    private static double Microseconds(TimeSpan time) => Math.Round(time.TotalMicroseconds, 1);
}
