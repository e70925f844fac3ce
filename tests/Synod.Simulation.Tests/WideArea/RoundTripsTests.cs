namespace Synod.Simulation.Tests.WideArea;

/// <summary>The matrix of round trips, and what is none.</summary>
public sealed class RoundTripsTests
{
    private const string Three = """
        # from memory
        ,CA,VA,EU

        CA,0.2,72,151
        va,72,0.2,88
        EU,151,88,0.2
        """;

    [Fact]
    public void A_matrix_is_read()
    {
        RoundTrips roundTrips = RoundTrips.Parse(Three);

        Assert.Equal(["CA", "VA", "EU"], roundTrips.Sites);
        Assert.Equal(88, roundTrips.Between(2, 1).TotalMilliseconds);
        Assert.Equal(0.2, roundTrips.Between(2, 2).TotalMilliseconds);
        Assert.Equal(151, roundTrips.Longest.TotalMilliseconds);
        Assert.Equal(
            [0, 72, 88],
            Enumerable.Range(0, 3).Select(k => roundTrips.ToNearest(1, k).TotalMilliseconds));
        Assert.Equal((2, -1), (roundTrips.Find("eu"), roundTrips.Find("JP")));
    }

    [Theory]
    [InlineData("", "row 1: there are 0 sites")]
    [InlineData(",a,a", "row 1: the site 'a' is there twice")]
    [InlineData(",a,b\na,0,1", "not square: row 1 names 2 sites, and 1 rows follow")]
    [InlineData(",a,b\na,0,1\nb,1", "row 3 (b): the matrix is not square: there are 1 times")]
    [InlineData(",a,b\nb,0,1\na,1,0", "row 2, column 1: it is of 'b'")]
    [InlineData(",a,b\na,0,5\nb,6,0", "row 3 (b), column 2 (a): the matrix is not symmetric: 6")]
    [InlineData(",a,b\na,0,-5\nb,-5,0", "row 2 (a), column 3 (b): '-5' is no round trip")]
    [InlineData(",a,b\na,0,x\nb,x,0", "row 3 (b), column 2 (a): 'x' is no round trip")]
    [InlineData(",a,b\na,0,NaN\nb,NaN,0", "row 2 (a), column 3 (b): 'NaN' is no round trip")]
    public void What_is_no_matrix_is_refused_with_row_and_column(string text, string fault)
    {
        RoundTripsException bad =
            Assert.Throws<RoundTripsException>(() => RoundTrips.Parse(text));

        Assert.Contains(
            bad.Faults, told => told.Contains(fault, StringComparison.Ordinal));
    }
}
