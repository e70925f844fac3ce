namespace Synod.TestKit;

/// <summary>What clients of one system asked for and were answered, on one clock. Immutable once
/// made; safe for use from several threads.</summary>
public sealed class History
{
    /// <summary>Creates a history of operations, in any order.</summary>
    /// <param name="model">The name of the model that says what the answers must be.</param>
    /// <param name="operations">The operations.</param>
    public History(string model, IEnumerable<Operation> operations)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(operations);
        Model = model;
        Operations = [.. operations];
    }

    /// <summary>The name of its model.</summary>
    public string Model { get; }

    /// <summary>The protocol that was run; null if it does not say.</summary>
    public string? Protocol { get; init; }

    /// <summary>The seed of the run; null if it does not say.</summary>
    public long? Seed { get; init; }

    /// <summary>The operations, in the order in which they were given.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The line of each operation in its file; null for the lines that
    /// <see cref="WriteTo"/> would give them.</summary>
    internal IReadOnlyList<int>? Lines { get; init; }

    /// <summary>Reads a history of the format <c>synod-history/1</c> whose header names one of the
    /// models of Synod.</summary>
    /// <exception cref="HistoryException">It is malformed; says where and why.</exception>
    public static History Read(TextReader reader) => Read(reader, null);

    /// <summary>Reads a history of the format <c>synod-history/1</c> and holds it against a model,
    /// whatever its header names.</summary>
    /// <param name="reader">The lines.</param>
    /// <param name="model">The model; null for the one that the header names.</param>
    /// <exception cref="HistoryException">It is malformed; says where and why.</exception>
    public static History Read(TextReader reader, HistoryModel? model)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new HistoryReader(reader, model).Read();
    }

    /// <summary>Writes it in the format <c>synod-history/1</c>.</summary>
    public void WriteTo(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        HistoryWriter.Write(this, writer);
    }

    internal int LineOf(int operation) => Lines?[operation] ?? operation + 2;
}
