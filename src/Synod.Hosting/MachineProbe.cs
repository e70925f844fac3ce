using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Synod.Storage;

namespace Synod.Hosting;

/// <summary>What the machine can do at best, to quote beside what we measure on it.</summary>
public static class MachineProbe
{
    private const int RoundTrips = 1000;
    private const int TogetherCount = 500;

    /// <summary>The median time of writing and flushing 4096 bytes in the directory.</summary>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public static TimeSpan Flush(string directory) => FlushProbe.Measure(directory);

    /// <summary>The same while as many threads do it at once, each in a file of its
    /// own.</summary>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public static TimeSpan FlushTogether(string directory, int writers)
    {
        TimeSpan[] times = new TimeSpan[writers];
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, writers).Select(writer => new Thread(() =>
        {
            try
            {
                times[writer] = FlushAlone(directory, writer);
            }
            catch (IOException cause)
            {
                failure = cause;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        if (failure is not null)
            throw failure;

        Array.Sort(times);
        return times[writers / 2];
    }

    /// <summary>The median time of one byte to and fro over TCP on loopback.</summary>
    public static async Task<TimeSpan> RoundTripAsync(CancellationToken cancellation = default)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task echo = EchoAsync(listener, cancellation);
        using TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellation)
            .ConfigureAwait(false);

        byte[] one = new byte[1];
        TimeSpan[] times = new TimeSpan[RoundTrips];
        for (int round = 0; round < RoundTrips; round++)
        {
            long start = Stopwatch.GetTimestamp();
            await client.Client.SendAsync(one, cancellation).ConfigureAwait(false);
            await client.Client.ReceiveAsync(one, cancellation).ConfigureAwait(false);
            times[round] = Stopwatch.GetElapsedTime(start);
        }

        client.Close();
        await echo.ConfigureAwait(false);
        Array.Sort(times);
        return times[RoundTrips / 2];
    }

    private static TimeSpan FlushAlone(string directory, int writer)
    {
        DirectoryInfo own = Directory.CreateDirectory(Path.Combine(directory, $"flush-{writer}"));
        try
        {
            return FlushProbe.Measure(own.FullName, TogetherCount);
        }
        finally
        {
            own.Delete(recursive: true);
        }
    }

    private static async Task EchoAsync(TcpListener listener, CancellationToken cancellation)
    {
        using Socket socket =
            await listener.AcceptSocketAsync(cancellation).ConfigureAwait(false);
        socket.NoDelay = true;
        byte[] one = new byte[1];
        while (await socket.ReceiveAsync(one, cancellation).ConfigureAwait(false) > 0)
            await socket.SendAsync(one, cancellation).ConfigureAwait(false);
    }
}
