using System.Diagnostics;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>The activity source <c>Synod</c>: a span for each call of a client, from the call to
/// its outcome, all tries included. Frames carry no trace context, so nodes have no
/// spans.</summary>
internal static class ClientSpans
{
    private static readonly ActivitySource Source = new("Synod");

    /// <summary>Begins a span, if anybody listens.</summary>
    public static Activity? Begin(RequestKind kind) => Source.HasListeners()
        ? Source.StartActivity($"synod {kind}", ActivityKind.Client)
        : null;

    /// <summary>Says how the call has ended; a refusal that is certain is no error.</summary>
    public static void Ended(this Activity? span, ResponseKind kind)
    {
        if (span is null)
            return;

        span.SetTag("synod.kind", kind.ToString());
        if (kind is ResponseKind.Unknown)
            span.SetStatus(ActivityStatusCode.Error, "It is not known whether it happened.");
    }
}
