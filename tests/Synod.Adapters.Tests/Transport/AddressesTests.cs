using System.Net;
using Synod.Transport;

namespace Synod.Adapters.Tests.Transport;

public class AddressesTests
{
    [Theory]
    [InlineData("127.0.0.1:7001")]
    [InlineData("[::1]:7001")]
    [InlineData("node-1.example.org:7001")]
    [InlineData("localhost:0")]
    public void An_address_is_read_as_it_is_written(string text) =>
        Assert.Equal(text, Addresses.Text(Addresses.Parse(text)));

    [Theory]
    [InlineData("")]
    [InlineData("7001")]
    [InlineData(":7001")]
    [InlineData("localhost:")]
    [InlineData("localhost:70000")]
    [InlineData("::1:7001")]
    [InlineData("a b:7001")]
    public void What_is_no_address_is_refused(string text) =>
        Assert.Equal(
            $"'{text}' is no address; write host:port, as in 127.0.0.1:7001 or [::1]:7001",
            Assert.Throws<FormatException>(() => Addresses.Parse(text)).Message);

    [Fact]
    public void A_peer_that_listens_everywhere_is_looked_for_where_it_calls_from() =>
        Assert.Equal(
            IPEndPoint.Parse("10.0.0.5:7001"),
            Addresses.Heard("0.0.0.0:7001", IPEndPoint.Parse("10.0.0.5:50123")));
}
