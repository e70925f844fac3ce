using System.Globalization;

namespace Synod.Simulation;

/// <summary>Writes all that happens in a run as lines of text. Owned by the thread of the
/// run.</summary>
public sealed class TextTrace(TextWriter writer) : ITraceSink
{
    /// <inheritdoc/>
    public void Add(in TraceEvent happened)
    {
        string node = happened.Node == default ? "" : $" {happened.Node}";
        string peer = happened.Peer == default ? "" : $" {Arrow(happened.Kind)} {happened.Peer}";
        double milliseconds = happened.At.Ticks / (double)TimeSpan.TicksPerMillisecond;
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{milliseconds,12:0.0000} {happened.Kind,-9}{node}{peer} "
            + $"#{happened.Number} {happened.Text}"));
    }

    private static string Arrow(TraceKind kind) => kind == TraceKind.Delivered ? "from" : "to";
}
