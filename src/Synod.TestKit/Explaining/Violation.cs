namespace Synod.TestKit;

/// <summary>Why a history is not linearizable: the smallest window of it that fails, whatever
/// happened before. Immutable; safe for use from several threads.</summary>
public sealed record Violation
{
    /// <summary>The name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The key; null if the model is over all keys.</summary>
    public required string? Key { get; init; }

    /// <summary>The operation that no order gets past.</summary>
    public required Operation Offending { get; init; }

    /// <summary>The operations that contradict each other, in the order of their calls: all that
    /// overlap <see cref="Offending"/> in time, without those that may as well have had any
    /// outcome. From none of <see cref="States"/> is there an order of them.</summary>
    public required IReadOnlyList<Operation> Window { get; init; }

    /// <summary>The other operations that may have taken effect at that time. They make it possible
    /// in no way, even if nothing were known of their answers.</summary>
    public required IReadOnlyList<Operation> Bystanders { get; init; }

    /// <summary>The last operations that had returned before the window.</summary>
    public required IReadOnlyList<Operation> Before { get; init; }

    /// <summary>Every state that was possible at the call of <see cref="Offending"/>, in the words
    /// of the model; only the first if there are very many.</summary>
    public required IReadOnlyList<string> States { get; init; }

    /// <summary>Whether the budget allowed to look at every state and to leave out every operation
    /// that can be left out.</summary>
    public required bool IsMinimal { get; init; }

    /// <summary>The violation as text for a terminal.</summary>
    public string ToText() => ViolationText.Of(this);

    /// <summary>The violation as one page of HTML with a picture of the time line. It needs no
    /// network.</summary>
    public string ToHtml() => new ViolationHtml(this).Write();
}
