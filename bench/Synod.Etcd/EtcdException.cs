namespace Synod.Etcd;

/// <summary>A call of etcd that did not succeed.</summary>
public sealed class EtcdException : Exception
{
    /// <summary>Without a reason.</summary>
    public EtcdException()
    {
    }

    /// <summary>With a reason.</summary>
    public EtcdException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and what caused it.</summary>
    public EtcdException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
