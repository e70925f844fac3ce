using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Synod.Architecture.Tests;

/// <summary>Who has read one protocol knows where everything is in the others.</summary>
public class SiblingTests
{
    // What protocols with a leader share.
    private static readonly (string Folder, string Messages) Leaders =
        ("src/Synod.Kernel/Leaders", "src/Synod.Kernel/Leaders/LeaderMessages.cs");

    [Fact]
    public void A_protocol_has_no_file_its_siblings_could_not_have() =>
        Finding.AssertNone(
            from protocol in Protocol.Present
            from path in protocol.Files.Except(protocol.Allowed)
            select new Finding(path, 1, "not of the shared shape; move the code to its phase"));

    [Fact]
    public void A_protocol_has_every_file_of_the_shared_shape() =>
        Finding.AssertNone(
            from protocol in Protocol.Present
            from path in protocol.Required
            where !File.Exists(Repository.Absolute(path))
            select new Finding(path, 1, "every protocol has this file; add it"));

    [Fact]
    public void Every_message_is_received_by_a_method_that_cites_its_rule() =>
        Finding.AssertNone(
            from place in (IEnumerable<(string Folder, string Messages)>)
                [.. Protocol.Present.Select(static p => (p.Folder, p.FileOf("Messages"))), Leaders]
            from message in MessagesOf(place.Folder, place.Messages)
            let receiver = ReceiverOf(place.Folder, message)
            where receiver is null || !CitesRule(receiver)
            select new Finding(
                receiver?.SyntaxTree.FilePath ?? place.Messages,
                receiver is null ? 1 : SourceFile.LineOf(receiver.Identifier.GetLocation()),
                $"Receive(in {message}) is missing or cites no rule; tag it [Rule(…)]"));

    [Fact]
    public void A_protocols_readme_has_the_shared_headings() =>
        Finding.AssertNone(
            from protocol in Protocol.Present
            where File.Exists(Repository.Absolute(protocol.Readme))
            let missing = Protocol.Headings.Except(HeadingsOf(protocol)).ToArray()
            let order = HeadingsOf(protocol).Intersect(Protocol.Headings)
            where missing.Length > 0 || !order.SequenceEqual(Protocol.Headings)
            select new Finding(
                protocol.Readme,
                1,
                $"has the headings [{string.Join(", ", order)}]; "
                + $"all have [{string.Join(", ", Protocol.Headings)}]"));

    [Fact]
    public void The_pages_of_protocols_with_a_leader_have_the_same_headings()
    {
        string[] raft = [.. TextsOf("docs/protocols/raft.md")];

        Assert.NotEmpty(raft);
        Assert.Equal(raft, TextsOf("docs/protocols/multi-paxos.md"));

        static IEnumerable<string> TextsOf(string page) =>
            from heading in new MarkdownFile(page).Headings
            where heading.Level == 2
            select heading.Text;
    }

    private static IEnumerable<string> HeadingsOf(Protocol protocol) =>
        from heading in new MarkdownFile(protocol.Readme).Headings
        where heading.Level == 2
        select heading.Text;

    private static IEnumerable<string> MessagesOf(string folder, string messages) =>
        from file in SourceFile.In(folder)
        where file.Path == messages
        from message in file.Nodes<TypeDeclarationSyntax>()
        where message.Parent is BaseNamespaceDeclarationSyntax
        select $"{message.Identifier.ValueText}{message.TypeParameterList}";

    private static MethodDeclarationSyntax? ReceiverOf(string folder, string message) =>
        (from file in SourceFile.In(folder)
         from method in file.Nodes<MethodDeclarationSyntax>()
         where method.Identifier.ValueText == "Receive"
             && method.Parent is not InterfaceDeclarationSyntax
             && method.ParameterList.Parameters.Any(given => $"{given.Type}" == message)
         select method).FirstOrDefault();

    private static bool CitesRule(MethodDeclarationSyntax method) =>
        method.AttributeLists
            .SelectMany(static list => list.Attributes)
            .Any(static attribute => attribute.Name.GetLastToken().ValueText == "Rule");
}
