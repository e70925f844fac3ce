namespace Synod.Abstractions;

/// <summary>A machine with types, as hooks need it: values from bytes. Stateless, hence safe for
/// use from several threads.</summary>
public interface IMachineReader
{
    /// <summary>A command from its bytes; null if they are none.</summary>
    object? ReadCommand(ReadOnlySpan<byte> command);

    /// <summary>A query from its bytes; null if they are none.</summary>
    object? ReadQuery(ReadOnlySpan<byte> query);

    /// <summary>The result of a command, or the answer of a query; null if the bytes are
    /// none.</summary>
    object? ReadResult(object request, ReadOnlySpan<byte> result);
}
