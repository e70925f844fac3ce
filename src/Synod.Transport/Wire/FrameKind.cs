namespace Synod.Transport;

/// <summary>The second byte of a frame's body.</summary>
internal enum FrameKind : byte
{
    /// <summary>The dialler says who it is and whom it calls.</summary>
    Hello = 1,

    /// <summary>The acceptor says who it is.</summary>
    Welcome = 2,

    /// <summary>The acceptor says why not.</summary>
    Refusal = 3,

    /// <summary>Bytes of the sink.</summary>
    Data = 4,

    /// <summary>Asks for a <see cref="Pong"/>.</summary>
    Ping = 5,

    /// <summary>Answers a <see cref="Ping"/>.</summary>
    Pong = 6,

    /// <summary>The first piece of bytes of the sink: the length of the whole, u32, and what it
    /// begins with.</summary>
    Begin = 7,

    /// <summary>A further piece; others than pieces may come in between.</summary>
    More = 8,
}
