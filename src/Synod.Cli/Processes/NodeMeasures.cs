using System.Diagnostics.Metrics;

namespace Synod.Cli.Processes;

/// <summary>Reads what the nodes in this process count, as any user of their meter may.</summary>
internal sealed class NodeMeasures : IDisposable
{
    private const string Meter = "Synod";
    private const string Turns = "synod.turns";
    private const string Flushes = "synod.storage.flushes";
    private const string Sent = "synod.network.out";

    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _values = [];

    public NodeMeasures()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meter && instrument.Name is Turns or Flushes or Sent)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) =>
            _values[instrument.Name] = _values.GetValueOrDefault(instrument.Name) + value);
        _listener.Start();
    }

    /// <summary>What this process has used. One caller at a time.</summary>
    public NodeUsage Read()
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        return NodeUsage.OfThisProcess() with
        {
            Turns = _values.GetValueOrDefault(Turns),
            Flushes = _values.GetValueOrDefault(Flushes),
            SentBytes = _values.GetValueOrDefault(Sent),
        };
    }

    public void Dispose() => _listener.Dispose();
}
