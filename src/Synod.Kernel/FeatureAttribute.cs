namespace Synod.Kernel;

/// <summary>Tags a test with the row of the feature table that it proves.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class FeatureAttribute(string id) : Attribute
{
    /// <summary>A letter and two digits, as in <c>A07</c>.</summary>
    public string Id => id;
}
