namespace Synod.Simulation;

/// <summary>How long a message and its answer take between any two of some sites, and within
/// each.</summary>
public sealed class RoundTrips
{
    private readonly TimeSpan[,] _times;

    internal RoundTrips(IReadOnlyList<string> sites, TimeSpan[,] times)
    {
        Sites = sites;
        _times = times;
    }

    /// <summary>The names of the sites, in the order of the matrix.</summary>
    public IReadOnlyList<string> Sites { get; }

    /// <summary>The longest round trip between two sites.</summary>
    public TimeSpan Longest => _times.Cast<TimeSpan>().Max();

    /// <summary>The round trip between two sites, or from a site to itself.</summary>
    public TimeSpan Between(int site, int other) => _times[site, other];

    /// <summary>The place of a site in the order, or -1 if there is none of this name.</summary>
    public int Find(string site)
    {
        for (int place = 0; place < Sites.Count; place++)
        {
            if (string.Equals(Sites[place], site, StringComparison.OrdinalIgnoreCase))
                return place;
        }

        return -1;
    }

    /// <summary>The round trip to the k-th nearest other site, from 1; zero for 0: how long it
    /// takes until so many have answered.</summary>
    public TimeSpan ToNearest(int site, int k) => k == 0
        ? TimeSpan.Zero
        : Enumerable.Range(0, Sites.Count)
            .Where(other => other != site)
            .Select(other => Between(site, other))
            .Order()
            .ElementAt(k - 1);

    /// <summary>Reads a matrix: comma-separated, the names of the sites in the first row and in the
    /// first column, milliseconds in all other cells. Empty lines and lines that begin with # are
    /// left out.</summary>
    /// <exception cref="RoundTripsException">It is not square, not symmetric, or has a cell that is
    /// no time.</exception>
    public static RoundTrips Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new RoundTripsParser(text).Parse();
    }
}
