using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>How a call has ended, as bytes.</summary>
internal readonly record struct ClientAnswer(ResponseKind Kind, byte[] Bytes);
