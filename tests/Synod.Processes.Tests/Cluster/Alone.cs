using System.Security.Cryptography;
using Synod.Cli.Processes;
using Synod.Hosting;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

/// <summary>A cluster of one node, and a folder for its directory.</summary>
internal sealed record Alone : IDisposable
{
    public Alone() => Data = Path.Combine(Folder, "data");

    public string Folder { get; } = Directory.CreateTempSubdirectory("synod-test-").FullName;

    public string Data { get; init; }

    public string Cluster { get; init; } = "alone";

    public string At { get; init; } = ProcessCluster.FreeAddresses(1)[0];

    public string[] Arguments =>
        ["node", "1", "--cluster", Cluster, "--at", At, "--data", Data];

    public Task<SynodResult> RunAsync() => SynodProcess.RunAsync(Arguments);

    /// <summary>Lives once, counts to one, and ends.</summary>
    public async Task<string> LiveAsync()
    {
        using SynodProcess process = SynodProcess.Start(Arguments);
        await process.LineAsync("serves in");
        Assert.Equal("1", await AddAsync());
        process.Terminate();
        Assert.Equal(0, await process.ExitAsync());
        return Snapshot();
    }

    public SynodClient Connect(TimeSpan timeout) => new(
        new SynodClientOptions
        {
            Cluster = Cluster,
            Nodes = [At],
            Retries = new ClientCoreOptions { Timeout = timeout, QuorumWait = timeout },
        },
        new Counter());

    public async Task<string> AddAsync()
    {
        SynodResult add = await SynodProcess.RunAsync(
            "counter", "add", "--cluster", Cluster, "--at", At);
        return add.Output;
    }

    /// <summary>All files and what is in them, but for who has the directory.</summary>
    public string Snapshot() => string.Join(
        '\n',
        from file in Directory.GetFiles(Data, "*", SearchOption.AllDirectories).Order()
        where Path.GetFileName(file) != "lock"
        let digest = SHA256.HashData(File.ReadAllBytes(file))
        select $"{file} {Convert.ToHexString(digest)}");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
