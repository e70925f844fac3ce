using System.Security.Cryptography;

namespace Synod.Hosting;

/// <summary>The name of an owner. It is opened once and ends for ever: nobody can open it
/// again.</summary>
/// <param name="Name">Nobody else may have it.</param>
public readonly record struct OwnerId(string Name)
{
    private const int RandomBytes = 16;

    /// <summary>A name that nobody has.</summary>
    public static OwnerId New() =>
        new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
