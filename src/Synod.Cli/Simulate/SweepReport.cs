using System.Globalization;
using System.Text;
using System.Text.Json;
using Synod.Kernel;
using Synod.Simulation;

namespace Synod.Cli.Simulate;

/// <summary>What came out of many seeds.</summary>
internal sealed class SweepReport(SimulationOptions options, string command, TimeSpan elapsed)
{
    private readonly List<(ulong Seed, string Reason)> _bad = [];
    private readonly List<(ulong Seed, string Reason)> _void = [];
    private int _seeds;
    private long _steps;
    private long _operations;
    private readonly SortedDictionary<string, long> _effects = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _knobs = new(StringComparer.Ordinal);
    private TimeSpan _virtual;
    private ulong _digest;

    public bool IsGood => _bad.Count == 0 && _void.Count < _seeds;

    /// <summary>Adds the next seed, in the order of seeds.</summary>
    public void Add(SeedResult result)
    {
        _seeds++;
        _steps += result.Steps;
        _operations += result.Operations;
        foreach ((string effect, long count) in result.Effects)
            _effects[effect] = _effects.GetValueOrDefault(effect) + count;
        foreach (string knob in result.Knobs)
            _knobs[knob] = _knobs.GetValueOrDefault(knob) + 1;
        _virtual += result.VirtualTime;
        _digest = StableHash.Combine(_digest, result.TraceDigest);
        if (result.Verdict == Verdict.Violated)
            _bad.Add((result.Seed, result.Reason));
        if (result.Verdict == Verdict.Void)
            _void.Add((result.Seed, result.Reason));
    }

    public string ToJson()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("protocol", options.Protocol.Name);
            json.WriteNumber("nodes", options.Nodes);
            json.WriteString("faults", options.Faults.ToString());
            json.WriteNumber("seeds", _seeds);
            json.WriteNumber("violations", _bad.Count);
            json.WriteNumber("void", _void.Count);
            json.WriteNumber("steps", _steps);
            json.WriteNumber("operations", _operations);
            Write(json, "effects", _effects);
            Write(json, "knobs", _knobs);
            json.WriteNumber("virtualSeconds", Math.Round(_virtual.TotalSeconds, 3));
            json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
            if (_bad.Count > 0)
                json.WriteNumber("firstBadSeed", _bad[0].Seed);
            else
                json.WriteNull("firstBadSeed");
            json.WriteString("traceDigest", _digest.ToString("x16", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public string ToText()
    {
        StringBuilder text = new();
        CultureInfo culture = CultureInfo.InvariantCulture;
        foreach ((ulong seed, string reason) in _bad)
            text.AppendLine(culture, $"seed {seed}: violated: {reason}");
        foreach ((ulong seed, string reason) in _void)
            text.AppendLine(culture, $"seed {seed}: void: {reason}");
        text.AppendLine(
            culture,
            $"{_seeds} seeds of {options.Protocol.Name} with {options.Nodes} nodes: "
            + $"{_bad.Count} violations, {_void.Count} void.");
        text.AppendLine(
            culture,
            $"{_virtual.TotalSeconds:0} virtual seconds in {elapsed.TotalSeconds:0.0} s, "
            + $"{_steps} steps, {_operations} operations.");
        text.AppendLine(culture, $"What happened: {TextOf(_effects)}.");
        if (_knobs.Count > 0)
            text.AppendLine(culture, $"Runs by knobs: {TextOf(_knobs)}.");
        text.Append(culture, $"Digest of all traces: {_digest:x16}.");
        if (_bad.Count > 0)
        {
            string look = $"--seed {_bad[0].Seed} --shrink --replay bad.html";
            text.AppendLine().Append(culture, $"Look at one: {command} {look}");
        }

        return text.ToString();
    }

    private static void Write(
        Utf8JsonWriter json, string name, SortedDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach ((string what, long count) in counts)
            json.WriteNumber(what, count);
        json.WriteEndObject();
    }

    private static string TextOf(SortedDictionary<string, long> counts) => string.Join(
        ", ",
        counts.Select(static one => string.Create(
            CultureInfo.InvariantCulture, $"{one.Key} {one.Value}")));
}
