namespace Synod.Kernel;

/// <summary>Cites the rule of a paper, or of our own safety page, that the member carries out (in
/// a protocol) or shows (in a test). Every rule cited by a protocol has a test that cites it
/// too.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
public sealed class RuleAttribute(string rule) : Attribute
{
    /// <summary>The paper, the section and the rule in a sentence.</summary>
    public string Rule => rule;

    /// <summary>The numbered deviation in the README of the protocol, if we do not follow to the
    /// letter.</summary>
    public string? Deviation { get; init; }
}
