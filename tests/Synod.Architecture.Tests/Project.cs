using System.Xml.Linq;

namespace Synod.Architecture.Tests;

/// <summary>A project file: what it is called and what it refers to.</summary>
internal sealed class Project
{
    private readonly XDocument _xml;

    private Project(string path)
    {
        Path = path;
        Name = System.IO.Path.GetFileNameWithoutExtension(path);
        _xml = XDocument.Parse(Repository.Read(path), LoadOptions.SetLineInfo);
    }

    public string Path { get; }

    public string Name { get; }

    public string Folder => Path[..Path.LastIndexOf('/')];

    public string Role => _xml.Descendants("Role").FirstOrDefault()?.Value ?? "Library";

    public string AssemblyName => _xml.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Name;

    public static IReadOnlyList<Project> In(string folder) =>
        [.. Repository.Files(folder, "*.csproj").Select(static path => new Project(path))];

    /// <summary>The values of one kind of item, each with its line.</summary>
    public IEnumerable<(string Value, int Line)> Items(string kind) =>
        from item in _xml.Descendants(kind)
        let value = item.Attribute("Include")?.Value
        where value is not null
        select (value, ((System.Xml.IXmlLineInfo)item).LineNumber);

    /// <summary>The names of the projects it refers to, each with its line.</summary>
    public IEnumerable<(string Value, int Line)> References() =>
        from item in Items("ProjectReference")
        select (System.IO.Path.GetFileNameWithoutExtension(item.Value), item.Line);
}
