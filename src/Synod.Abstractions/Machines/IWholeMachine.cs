namespace Synod.Abstractions;

/// <summary>A state machine over one state that has no keys, as bytes: what the runtime calls.
/// Users derive from <see cref="WholeMachine{TState}"/> instead. Runs where commands have an order;
/// where they have none it is refused at start.</summary>
/// <remarks>Commands and queries travel with an empty key. Watching that key is watching the whole
/// state.</remarks>
public interface IWholeMachine : IMachine
{
    /// <summary>A state that no command has changed yet. Each life of a replica begins with one and
    /// runs all commands on it again.</summary>
    IWholeState Begin();

    /// <summary>Names what a command reads and writes, so that those which touch nothing in common
    /// need not wait for each other on protocols that can do without. Called once, where the
    /// command arrives, by any thread: must depend on the bytes alone. Unless it is overridden,
    /// everything.</summary>
    /// <remarks>Two commands or a query that do not conflict by their footprints must give the same
    /// results and the same state in both orders, byte for byte; try it with the
    /// <c>CommutationChecker</c> in Synod.TestKit.</remarks>
    void DeclareCommand(ReadOnlySpan<byte> command, FootprintDeclaration footprint)
    {
        ArgumentNullException.ThrowIfNull(footprint);
        footprint.Everything();
    }

    /// <summary>The same of a query, which writes nothing.</summary>
    void DeclareQuery(ReadOnlySpan<byte> query, FootprintDeclaration footprint)
    {
        ArgumentNullException.ThrowIfNull(footprint);
        footprint.Everything();
    }
}
