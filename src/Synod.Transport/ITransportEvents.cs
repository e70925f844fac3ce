namespace Synod.Transport;

/// <summary>Is told what an operator may want to read. Called by any thread; must not
/// block.</summary>
public interface ITransportEvents
{
    /// <summary>Something happened.</summary>
    void Noticed(in TransportNotice notice);
}
