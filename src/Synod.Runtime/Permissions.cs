using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>Who may ask for what: the one place that decides it (design §8).</summary>
internal static class Permissions
{
    /// <summary>What is wrong with the request, and what to do; null if it is allowed. Whatever is
    /// not listed here is administration.</summary>
    public static string? Objection(ClientRole role, RequestKind kind)
    {
        ClientRole needed = kind switch
        {
            RequestKind.Status => ClientRole.Observer,
            RequestKind.Command
                or RequestKind.StepwiseCommand
                or RequestKind.Query
                or RequestKind.LocalQuery
                or RequestKind.NearQuery
                or RequestKind.Watch
                or RequestKind.WatchUse
                or RequestKind.Unwatch => ClientRole.Client,
            _ => ClientRole.Admin,
        };
        string name = needed == ClientRole.Admin ? "synod:admin" : "synod:client";
        return role >= needed
            ? null
            : $"a {kind} needs the role {needed}, and the certificate of this connection gives "
                + $"{role}: use one that names {name}.";
    }
}
