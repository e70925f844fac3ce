using System.Text;
using System.Text.Json;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What instances depend on, who knows it when, and how they are executed, as the script
/// <c>graph.js</c> reads it. Of a run whose commands depend on nothing there is none. Owned by who
/// writes a page.</summary>
internal sealed class ReplayGraph
{
    private readonly Dictionary<GraphId, GraphInstance> _instances = [];
    private readonly List<GraphInstance> _order = [];
    private readonly Dictionary<string, string> _saidKeys = new(StringComparer.Ordinal);
    private int _members;

    /// <summary>The next event.</summary>
    /// <param name="place">Its place on the page.</param>
    /// <param name="happened">What.</param>
    public void Add(int place, in TraceEvent happened)
    {
        switch (happened.Kind)
        {
            case TraceKind.Appended when GraphWords.Record(happened.Text) is GraphRecord record:
                InstanceOf(record.Id).Add(place, record);
                _members = Math.Max(_members, record.Cover?.Count ?? 0);
                break;
            case TraceKind.Applied:
                foreach ((GraphId id, bool isVain) in GraphWords.Applied(happened.Text))
                    InstanceOf(id).Executions.Add((place, isVain));
                break;
            case TraceKind.Called:
                foreach (string word in happened.Text.Split(' '))
                    _saidKeys.TryAdd($"{StableHash.Of(Encoding.UTF8.GetBytes(word)):x16}", word);
                break;
        }
    }

    /// <summary>Writes it as a property of an object, if there is one.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        if (_order.Count == 0)
            return;

        json.WriteStartObject("graph");
        List<string> touches = [.. _order.SelectMany(static one => one.Touches).Distinct()];
        touches.Sort(StringComparer.Ordinal);
        WriteTouches(json, touches);
        json.WriteStartArray("instances");
        foreach (GraphInstance instance in _order)
            Write(json, instance, touches);
        json.WriteEndArray();
        WriteCycles(json);
        json.WriteEndObject();
    }

    private GraphInstance InstanceOf(GraphId id)
    {
        if (!_instances.TryGetValue(id, out GraphInstance? instance))
        {
            _instances[id] = instance = new GraphInstance(id);
            _order.Add(instance);
            _members = Math.Max(_members, id.Owner + 1);
        }

        return instance;
    }

    // A key that a client has named goes by that name, and any other one by its hash.
    private void WriteTouches(Utf8JsonWriter json, List<string> touches)
    {
        json.WriteStartArray("touches");
        foreach (string touch in touches)
        {
            string name = _saidKeys.GetValueOrDefault(touch[1..], touch[1..]);
            json.WriteStartArray();
            json.WriteStringValue(touch[..1]);
            json.WriteStringValue(name);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, GraphInstance instance, List<string> touches)
    {
        json.WriteStartObject();
        json.WriteNumber("owner", instance.Id.Owner);
        json.WriteNumber("slot", instance.Id.Slot);
        json.WriteString("holds", instance.Holds);
        json.WriteStartArray("touches");
        foreach (string touch in instance.Touches)
            json.WriteNumberValue(touches.BinarySearch(touch, StringComparer.Ordinal));
        json.WriteEndArray();
        json.WriteStartArray("covers");
        foreach (IReadOnlyList<long> cover in instance.Covers)
            Write(json, cover);
        json.WriteEndArray();
        WriteRecords(json, instance);
        json.WriteEndObject();
    }

    // Events as differences: the first to the begin of the run.
    private static void WriteRecords(Utf8JsonWriter json, GraphInstance instance)
    {
        int before = 0;
        json.WriteStartArray("records");
        foreach ((int place, int phase, string ballot, int cover) in instance.Records)
        {
            json.WriteNumberValue(place - before);
            json.WriteNumberValue(phase);
            json.WriteNumberValue(cover);
            json.WriteStringValue(ballot);
            before = place;
        }

        json.WriteEndArray();
        json.WriteStartArray("executed");
        foreach ((int place, bool isVain) in instance.Executions)
        {
            json.WriteNumberValue(place);
            json.WriteNumberValue(isVain ? 1 : 0);
        }

        json.WriteEndArray();
    }

    private void WriteCycles(Utf8JsonWriter json)
    {
        SortedList<long, GraphInstance>[] known =
            new SortedList<long, GraphInstance>[_members];
        for (int owner = 0; owner < _members; owner++)
            known[owner] = [];
        Dictionary<GraphInstance, long> places = [];
        foreach (GraphInstance instance in _order)
        {
            places[instance] = places.Count;
            known[instance.Id.Owner].Add(instance.Id.Slot, instance);
        }

        json.WriteStartArray("cycles");
        foreach (GraphInstance[] cycle in new GraphCycles(known).Find())
            Write(json, [.. cycle.Select(one => places[one])]);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray();
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
