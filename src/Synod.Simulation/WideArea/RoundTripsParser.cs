using System.Globalization;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Reads a matrix of round trips and says all that is wrong with it.</summary>
internal sealed class RoundTripsParser
{
    private const double MillisecondsMax = 60_000;

    private readonly List<string> _faults = [];
    private readonly string[][] _rows;

    public RoundTripsParser(string text) => _rows =
    [
        .. text.Split('\n')
            .Select(static line => line.Trim())
            .Where(static line => line.Length > 0 && !line.StartsWith('#'))
            .Select(static line => line.Split(',', StringSplitOptions.TrimEntries)),
    ];

    public RoundTrips Parse()
    {
        string[] sites = ReadSites();
        ThrowIfAny();
        CheckNames(sites);
        ThrowIfAny();
        double[,] cells = ReadCells(sites);
        ThrowIfAny();
        CheckSymmetry(sites, cells);
        ThrowIfAny();

        TimeSpan[,] times = new TimeSpan[sites.Length, sites.Length];
        for (int row = 0; row < sites.Length; row++)
        {
            for (int column = 0; column < sites.Length; column++)
                times[row, column] = TimeSpan.FromMilliseconds(cells[row, column]);
        }

        return new RoundTrips(sites, times);
    }

    private string[] ReadSites()
    {
        string[] sites = _rows.Length == 0 ? [] : _rows[0][1..];
        if (sites.Length is 0 or > MemberSet.MembersMax)
        {
            _faults.Add(
                $"row 1: there are {sites.Length} sites; name 1 to {MemberSet.MembersMax} after "
                + "the first comma, as in: ,CA,VA,EU");
        }

        foreach (string site in sites.CountBy(static site => site, StringComparer.OrdinalIgnoreCase)
            .Where(static pair => pair.Value > 1 || pair.Key.Length == 0)
            .Select(static pair => pair.Key))
        {
            _faults.Add(
                $"row 1: the site '{site}' is there twice or has no name; give each its own.");
        }

        return sites;
    }

    private void CheckNames(string[] sites)
    {
        if (_rows.Length - 1 != sites.Length)
        {
            _faults.Add(
                $"the matrix is not square: row 1 names {sites.Length} sites, and "
                + $"{_rows.Length - 1} rows follow; there must be one for each site.");
            return;
        }

        for (int row = 0; row < sites.Length; row++)
        {
            string[] cells = _rows[row + 1];
            if (!string.Equals(cells[0], sites[row], StringComparison.OrdinalIgnoreCase))
            {
                _faults.Add(
                    $"row {row + 2}, column 1: it is of '{cells[0]}'; the rows have the order of "
                    + $"row 1, so this one is of {sites[row]}.");
            }

            if (cells.Length - 1 != sites.Length)
            {
                _faults.Add(
                    $"row {row + 2} ({sites[row]}): the matrix is not square: there are "
                    + $"{cells.Length - 1} times for {sites.Length} sites.");
            }
        }
    }

    private double[,] ReadCells(string[] sites)
    {
        double[,] times = new double[sites.Length, sites.Length];
        for (int row = 0; row < sites.Length; row++)
        {
            for (int column = 0; column < sites.Length; column++)
            {
                string cell = _rows[row + 1][column + 1];
                bool isTime = double.TryParse(
                    cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double time);
                if (!isTime || !(time is >= 0 and <= MillisecondsMax))
                {
                    _faults.Add(
                        $"{Place(sites, row, column)}: '{cell}' is no round trip; milliseconds "
                        + $"are 0 to {MillisecondsMax}, with a point where they are broken.");
                }

                times[row, column] = time;
            }
        }

        return times;
    }

    // The way back takes as long as the way there: a round trip that depends on who begins it
    // cannot be halved.
    private void CheckSymmetry(string[] sites, double[,] times)
    {
        for (int row = 0; row < sites.Length; row++)
        {
            for (int column = 0; column < row; column++)
            {
                if (times[row, column].Equals(times[column, row]))
                    continue;

                _faults.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Place(sites, row, column)}: the matrix is not symmetric: "
                    + $"{times[row, column]} ms here, and {times[column, row]} ms in "
                    + $"{Place(sites, column, row)}."));
            }
        }
    }

    private static string Place(string[] sites, int row, int column) =>
        $"row {row + 2} ({sites[row]}), column {column + 2} ({sites[column]})";

    private void ThrowIfAny()
    {
        if (_faults.Count > 0)
            throw new RoundTripsException(_faults);
    }
}
