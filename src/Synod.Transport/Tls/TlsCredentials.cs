namespace Synod.Transport;

/// <summary>The certificates of one end, read again when a file has changed. Safe for use from
/// several threads.</summary>
internal sealed class TlsCredentials
{
    private readonly Lock _gate = new();
    private readonly TlsOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string> _troubled;
    private DateTime[] _seen;
    private TlsMaterial _material;

    /// <summary>Loads them.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="troubled">Is told, once for each change, that what was loaded before stays in
    /// use because the files cannot be.</param>
    /// <exception cref="TransportException">They cannot be used.</exception>
    public TlsCredentials(TlsOptions options, TimeProvider time, Action<string> troubled)
    {
        _options = options;
        _time = time;
        _troubled = troubled;
        _seen = Stamps();
        _material = TlsMaterial.Load(options, time);
    }

    /// <summary>For the next handshake.</summary>
    public TlsMaterial Current
    {
        get
        {
            lock (_gate)
            {
                DateTime[] now = Stamps();
                if (!now.AsSpan().SequenceEqual(_seen))
                    Reload(now);
                return _material;
            }
        }
    }

    private void Reload(DateTime[] stamps)
    {
        _seen = stamps;
        try
        {
            _material = TlsMaterial.Load(_options, _time);
        }
        catch (TransportException failure)
        {
            _troubled($"{failure.Message} What was loaded before stays in use.");
        }
    }

    // A file that is not there has a time too.
    private DateTime[] Stamps() =>
        [.. new[] { _options.CertificateFile, _options.KeyFile, _options.AuthorityFile }
            .Select(static path => path is null ? default : File.GetLastWriteTimeUtc(path))];
}
