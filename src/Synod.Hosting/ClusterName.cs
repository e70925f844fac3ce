using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>The name of a cluster as people write it.</summary>
public static class ClusterName
{
    private const int HexDigits = 32;

    /// <summary>The identifier of a cluster: thirty-two hexadecimal digits are taken as they are,
    /// any other name by its hash.</summary>
    public static ClusterId ToId(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        bool isHex = name.Length == HexDigits
            && UInt128.TryParse(
                name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 _);
        if (isHex)
        {
            return new ClusterId(UInt128.Parse(
                name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }

        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        return new ClusterId(BinaryPrimitives.ReadUInt128LittleEndian(digest));
    }
}
