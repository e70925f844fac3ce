using System.Reflection;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Synod.Architecture.Tests;

/// <summary>The direction between projects, as the compiler sees it.</summary>
public class LayeringTests
{
    private static readonly IReadOnlyList<Project> Source = Project.In("src");

    private static readonly IReadOnlyList<Project> Benches = Project.In("bench");

    private static readonly string[] OutsideWorld = ["System.Threading", "System.IO", "System.Net"];

    [Fact]
    public void Projects_refer_only_to_the_layers_below_them() =>
        Finding.AssertNone(
            from project in Source.Concat(Project.In("samples"))
            from other in project.References()
            where !Layers.Allow(project.Name, other.Value)
            select new Finding(project.Path, other.Line, Advice(project, other.Value)));

    [Fact]
    public void Code_uses_only_the_layers_below_it() =>
        Finding.AssertNone(
            from project in Source
            from other in Assembly.Load(project.AssemblyName).GetReferencedAssemblies()
            let name = other.Name ?? ""
            where name.StartsWith("Synod.", StringComparison.Ordinal)
                && !Layers.Allow(project.Name, name)
            select new Finding(project.Path, 1, Advice(project, name)));

    // The banned symbols catch uses; this catches a Task or a Stream in a signature.
    [Fact]
    public void Kernels_know_no_thread_disk_or_network() =>
        Finding.AssertNone(
            from project in Source
            where project.Role == "Kernel"
            from file in SourceFile.In(project.Folder)
            from import in file.Nodes<UsingDirectiveSyntax>()
            where OutsideWorld.Any(world => IsWithin($"{import.NamespaceOrType}", world))
            select file.At(import, "a kernel returns effects; the runtime performs them"));

    [Fact]
    public void A_machine_refers_to_the_abstractions_alone() =>
        Finding.AssertNone(
            from project in Project.In("samples").Concat(Source)
            where project.Role == "Sample" || project.Name == "Synod.KeyValue"
            where project.Name != "Synod.Samples.Workloads"
            from other in project.References()
            where other.Value != "Synod.Abstractions"
            select new Finding(
                project.Path, other.Line, $"a machine sees Synod.Abstractions, not {other.Value}"));

    [Fact]
    public void Nothing_below_the_hosts_depends_on_a_package() =>
        Finding.AssertNone(
            from project in Source
            where project.Role != "Host"
            from package in project.Items("PackageReference")
            select new Finding(
                project.Path, package.Line, $"write what you need of {package.Value} by hand"));

    [Fact]
    public void Only_the_composition_root_depends_on_a_framework() =>
        Finding.AssertNone(
            from project in Source
            where project.Name != "Synod.Hosting" && project.Role != "Host"
            from framework in project.Items("FrameworkReference")
            select new Finding(
                project.Path, framework.Line, $"move what needs {framework.Value} to Hosting"));

    [Fact]
    public void Internals_are_visible_to_one_test_project_at_most() =>
        Finding.AssertNone(
            from project in Source.Concat(Benches)
            let friends = project.Items("InternalsVisibleTo")
                .Where(friend => !MeasuresWith(project, friend.Value))
                .ToArray()
            from friend in friends
            where friends.Length > 1 || !friend.Value.EndsWith(".Tests", StringComparison.Ordinal)
            select new Finding(
                project.Path, friend.Line, $"hide the internals from {friend.Value}"));

    // Nobody builds on a host, so that a bench may load and start nodes as the host does.
    private static bool MeasuresWith(Project project, string friend) =>
        project.Role == "Host" && Benches.Any(bench => bench.Name == friend);

    private static bool IsWithin(string name, string world) =>
        name == world || name.StartsWith($"{world}.", StringComparison.Ordinal);

    private static string Advice(Project project, string other) =>
        $"{project.Name} must not see {other}; it may see "
        + $"[{string.Join(", ", Layers.VisibleFrom(project.Name))}]";
}
