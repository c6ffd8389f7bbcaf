using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Strata.Artifacts.Signing;

namespace Strata.Hub.Listeners;

/// <summary>Opens the listeners and knows their addresses once they are open.</summary>
internal sealed class Doors(HubOptions options)
{
    private readonly Dictionary<Listener, ListenOptions> _open = [];

    /// <summary><c>https://domain:port/</c> of a listener; only after the server has started.</summary>
    public Uri Address(Listener listener) => new UriBuilder(Uri.UriSchemeHttps, options.Domain, _open[listener].IPEndPoint!.Port).Uri;

    /// <summary>Describes the listeners to Kestrel.</summary>
    public void Open(KestrelServerOptions server, Credentials certificate)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = 1024 * 1024; // uploads raise it for themselves
        Open(server, Listener.Api, options.ApiPort, certificate, asksForCertificate: true, HttpProtocols.Http1AndHttp2);
        Open(server, Listener.Units, options.UnitsPort, certificate, asksForCertificate: true, HttpProtocols.Http1);

        // HTTP/1.1 only: AosCore looks for the exact text "Accept-Ranges", and HTTP/2 writes it in lower case.
        Open(server, Listener.Blobs, options.BlobsPort, certificate, asksForCertificate: false, HttpProtocols.Http1);
        Open(server, Listener.Portal, options.PortalPort, certificate, asksForCertificate: false, HttpProtocols.Http1AndHttp2);
        Open(server, Listener.PortalCertificate, options.PortalMtlsPort, certificate, asksForCertificate: true, HttpProtocols.Http1AndHttp2);
    }

    private void Open(KestrelServerOptions server, Listener listener, int port, Credentials certificate, bool asksForCertificate, HttpProtocols protocols) =>
        server.Listen(new IPEndPoint(options.Bind, port), listen =>
        {
            _open[listener] = listen;
            listen.Protocols = protocols;
            listen.Use(next => connection =>
            {
                connection.Features.Set(new ListenerTag(listener));
                return next(connection);
            });
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate.Certificate;
                https.ServerCertificateChain = certificate.Others;
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                if (!asksForCertificate) return;

                // Taken here and judged with each request, so that the refusal can say why in words.
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (_, _, _) => true;
                // A chain is built before that is asked. It must not go and fetch what a stranger's certificate points to.
                https.OnAuthenticate = (_, options) =>
                {
                    options.CertificateChainPolicy = new()
                    {
                        RevocationMode = X509RevocationMode.NoCheck,
                        DisableCertificateDownloads = true,
                    };
                    // A client that resumes here what it began at the portal would come without its certificate.
                    if (listener == Listener.PortalCertificate) options.AllowTlsResume = false;
                };
            });
        });

    /// <summary>Answers 404 for an endpoint that belongs to another door, and for whatever belongs to none.</summary>
    public static Task Guard(HttpContext context, RequestDelegate next)
    {
        return context.Features.Get<ListenerTag>() is { } door && context.GetEndpoint()?.Metadata.GetOrderedMetadata<ListenerTag>().Contains(door) == true
            ? next(context)
            : Problems.Answer(StatusCodes.Status404NotFound, $"There is nothing at {context.Request.Path}.").ExecuteAsync(context);
    }

    /// <summary>At a hub that follows another one: answers 421 for what would have to be written or is about units, which are both for the hub that writes.</summary>
    public static Task GuardFollower(HttpContext context, RequestDelegate next)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return context.Features.Get<ListenerTag>()?.Listener switch
        {
            Listener.Api when isRead => next(context),
            Listener.Portal or Listener.PortalCertificate when isRead || context.Request.Path == "/sign-out" => next(context),
            _ => Problems.Answer(StatusCodes.Status421MisdirectedRequest, "This hub follows another one and answers what only reads. Send this to the hub that it follows.").ExecuteAsync(context),
        };
    }
}

/// <summary>Marks endpoints with their door.</summary>
internal static class DoorExtensions
{
    public static T At<T>(this T endpoint, Listener listener)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ListenerTag(listener));
}
