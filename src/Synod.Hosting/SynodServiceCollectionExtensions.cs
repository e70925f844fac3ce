using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>Adds a node to a host.</summary>
public static class SynodServiceCollectionExtensions
{
    /// <summary>Adds one node that replicates the machine, started and stopped with the host. The
    /// options are validated when the host starts.</summary>
    public static IServiceCollection AddSynod(
        this IServiceCollection services, IKeyedMachine machine, Action<SynodOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddSingleton<IValidateOptions<SynodOptions>, SynodOptionsValidator>();
        services.AddOptions<SynodOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton(provider => new SynodNode(
            provider.GetRequiredService<IOptions<SynodOptions>>().Value,
            machine,
            provider.GetRequiredService<ILogger<SynodNode>>()));
        services.AddHostedService<SynodHostedService>();
        return services;
    }
}
