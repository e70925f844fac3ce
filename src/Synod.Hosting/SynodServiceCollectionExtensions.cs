using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>Adds a node to a host.</summary>
public static class SynodServiceCollectionExtensions
{
    private static readonly TimeSpan NodeTimeMin = TimeSpan.FromMilliseconds(100);

    /// <summary>Adds one node that replicates the machine, started and stopped with the host. The
    /// options are validated when the host starts.</summary>
    public static IServiceCollection AddSynod(
        this IServiceCollection services, IMachine machine, Action<SynodOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddSingleton<IValidateOptions<SynodOptions>, SynodOptionsValidator>();
        services.AddOptions<SynodOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton(provider => new SynodNode(
            OptionsOf(provider),
            machine,
            provider.GetRequiredService<ILogger<SynodNode>>()));
        services.AddHostedService<SynodHostedService>();
        return services;
    }

    /// <summary>Adds the write-once store: <see cref="IRegisters"/>, and this node as something
    /// that values can live with. To be called after <see cref="AddSynod"/>, with
    /// <see cref="WriteOnce"/> as the machine of the group; it starts after the node and stops
    /// before it.</summary>
    /// <exception cref="InvalidOperationException">There is no node yet.</exception>
    public static IServiceCollection AddSynodRegisters(
        this IServiceCollection services, Action<SynodRegistersOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!services.Any(static service => service.ServiceType == typeof(SynodNode)))
            throw new InvalidOperationException("Call AddSynod first: the store needs a node.");

        services.AddOptions<SynodRegistersOptions>()
            .Configure(configure ?? (static _ => { }))
            .Validate(
                static options => options.NodeTime >= NodeTimeMin,
                $"NodeTime is too short: use at least {NodeTimeMin.TotalMilliseconds} ms.")
            .ValidateOnStart();
        services.AddSingleton<RegistersService>();
        services.AddSingleton(static provider =>
            provider.GetRequiredService<RegistersService>().Store);
        services.AddHostedService(static provider =>
            provider.GetRequiredService<RegistersService>());
        return services;
    }

    // Those that were validated: asked for in the other way they would be made once more.
    private static SynodOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptionsMonitor<SynodOptions>>().CurrentValue;
}
