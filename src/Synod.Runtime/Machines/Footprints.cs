using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What commands and queries touch: on a keyed machine their key, on a whole one what it
/// declares, and its session. Owned by one thread.</summary>
internal sealed class Footprints
{
    private static readonly byte[] SessionPrefix = [.. "session:"u8];

    private readonly FootprintDeclaration _declaration = new();
    private readonly FrameBuffer _sessionKey = new();

    /// <summary>Of a command.</summary>
    /// <returns>Why the command cannot be taken; null if it can.</returns>
    public string? Of(IMachine machine, in Envelope envelope, out Footprint footprint)
    {
        if (machine is not IWholeMachine whole)
        {
            footprint = Footprint.Writes(envelope.Key);
            return null;
        }

        // Copies of a command, and the commands of a session, are run in one order by all.
        string? fault = Declared(whole, envelope.Command, isQuery: false, out footprint);
        _sessionKey.Clear();
        _sessionKey.WriteBytes(SessionPrefix);
        _sessionKey.WriteUInt32(envelope.Identity.Session.Epoch);
        _sessionKey.WriteUInt64(envelope.Identity.Session.Unique);
        footprint = footprint.And(Footprint.Writes(_sessionKey.Written));
        return fault;
    }

    /// <summary>Of a query with its sized key; one that is none is refused when its turn
    /// comes.</summary>
    /// <returns>Why the query cannot be taken; null if it can.</returns>
    public string? OfQuery(IMachine machine, ReadOnlySpan<byte> query, out Footprint footprint)
    {
        FrameReader reader = new(query);
        ReadOnlySpan<byte> key = reader.ReadSized();
        footprint = reader.IsValid ? Footprint.Reads(key) : Footprint.Universal;
        if (!reader.IsValid || machine is not IWholeMachine whole)
            return null;

        return Declared(whole, reader.ReadBytes(reader.Remaining), isQuery: true, out footprint);
    }

    // Nobody has persisted or sent anything of it yet, so a declaration that fails is certain.
    private string? Declared(
        IWholeMachine whole, ReadOnlySpan<byte> request, bool isQuery, out Footprint footprint)
    {
        _declaration.Clear();
        footprint = Footprint.Universal;
        try
        {
            if (isQuery)
                whole.DeclareQuery(request, _declaration);
            else
                whole.DeclareCommand(request, _declaration);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"the footprint failed: {failure.Message}";
        }

        footprint = _declaration.Footprint;
        return _declaration.Fault;
    }
}
