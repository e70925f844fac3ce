using Synod.Kernel;

namespace Synod.Protocols.Tests.Kernel;

public class Crc32CTests
{
    [Fact]
    public void The_checksum_is_the_one_that_everybody_calls_CRC_32C() =>
        Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));

    [Fact]
    public void The_checksum_of_two_parts_is_that_of_both_in_a_row() =>
        Assert.Equal(
            Crc32C.Of("a checksum of the whole"u8),
            Crc32C.Of("hecksum of the whole"u8, Crc32C.Of("a c"u8)));
}
