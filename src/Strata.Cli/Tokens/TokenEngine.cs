using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Strata.Artifacts.Signing;
using Strata.Cli.Shell;
using Strata.Model.Identity;

namespace Strata.Cli.Tokens;

/// <summary>Opens keys in PKCS #11 tokens by OpenSSL's engine for them, <c>pkcs11</c>. The key stays in the token; what is opened can only use it.</summary>
/// <remarks>
/// There is one engine in a process, with one module and one PIN at a time. It is never ended: keys that it opened may be in use.
/// Source: libp11 0.4.12, the engine's commands.
/// </remarks>
internal static unsafe class TokenEngine
{
    private const string Id = "pkcs11";

    /// <summary>Environment variable with the path of the module, where the key's URI names none.</summary>
    private const string ModuleVariable = "STRATA_TOKEN_MODULE";

    private static readonly Lock Gate = new();
    private static nint _engine;
    private static string? _module;
    private static nint _answers;
    private static string? _pin;

    /// <summary>Whether a key in a token is in use.</summary>
    public static bool IsInUse => _engine != 0;

    /// <summary>Opens the private key.</summary>
    /// <param name="pin">Null to try without.</param>
    /// <exception cref="TokenRefusedException">It was not opened.</exception>
    /// <exception cref="CommandFailure">There is no engine, or the module cannot be loaded.</exception>
    public static SafeEvpPKeyHandle Key(Pkcs11Uri uri, string? pin)
    {
        lock (Gate)
        {
            var engine = Engine(uri);
            if (pin is not null && LibCrypto.EngineControl(engine, "PIN", pin, 0) != 1) throw Refused();
            // The engine never asks on the terminal behind our back: it gets our answer, which a key may want again at every use, or none.
            var answers = pin is null ? LibCrypto.NoUserInterface() : Answering(pin);
            _ = LibCrypto.EngineControl(engine, "SET_USER_INTERFACE", 0, (void*)answers, 0, 1);
            var key = LibCrypto.EngineLoadPrivateKey(engine, uri.Text, answers, 0);
            return key != 0 ? new SafeEvpPKeyHandle(key, ownsHandle: true) : throw Refused();
        }
    }

    /// <summary>Whether the token itself can be opened and has any key.</summary>
    public static bool HasAnyKey(Pkcs11Uri uri)
    {
        lock (Gate)
        {
            var key = LibCrypto.EngineLoadPrivateKey(Engine(uri), uri.Token, LibCrypto.NoUserInterface(), 0);
            LibCrypto.ClearErrors();
            if (key == 0) return false;
            new SafeEvpPKeyHandle(key, ownsHandle: true).Dispose();
            return true;
        }
    }

    /// <summary>The certificate that the token keeps under the key's name, DER; null when it keeps none.</summary>
    public static byte[]? Certificate(Pkcs11Uri uri)
    {
        lock (Gate)
        {
            var engine = Engine(uri);
            var question = new LibCrypto.CertificateQuestion();
            fixed (byte* id = Encoding.UTF8.GetBytes(uri.Text + '\0'))
            {
                question.Id = id;
                LibCrypto.EngineControl(engine, "LOAD_CERT_CTRL", 0, &question, 0, 1);
            }
            LibCrypto.ClearErrors();
            if (question.Certificate == 0) return null;
            try
            {
                var der = new byte[Math.Max(0, LibCrypto.WriteCertificate(question.Certificate, null))];
                fixed (byte* first = der)
                {
                    var next = first;
                    return der.Length > 0 && LibCrypto.WriteCertificate(question.Certificate, &next) == der.Length ? der : null;
                }
            }
            finally
            {
                LibCrypto.FreeCertificate(question.Certificate);
            }
        }
    }

    /// <summary>What answers questions for a PIN with <paramref name="pin"/>.</summary>
    private static nint Answering(string pin)
    {
        if (_answers == 0)
        {
            _answers = LibCrypto.NewUserInterface("strata");
            _ = LibCrypto.SetReader(_answers, &Read);
        }
        // With two tokens of different PINs it is not known whose is asked for, and a wrong one may lock a token.
        _pin = _pin is null || _pin == pin ? pin : "";
        return _answers;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint process, nint question) =>
        LibCrypto.TypeOf(question) != LibCrypto.Prompt ? 1
        : _pin is { Length: > 0 } pin && LibCrypto.Answer(process, question, pin) == 0 ? 1
        : 0;

    private static nint Engine(Pkcs11Uri uri)
    {
        LibCrypto.ClearErrors();
        if (_engine == 0) _engine = Start(uri.ModulePath ?? Set(ModuleVariable));
        else if (uri.ModulePath is not null && uri.ModulePath != _module)
            throw new CommandFailure(ExitCode.Usage, $"Two keys name different modules, '{Quote.Short(_module)}' and '{Quote.Short(uri.ModulePath)}'; one command uses one module. Leave module-path out: p11-kit gives all of them.");
        return _engine;
    }

    private static string? Set(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private static nint Start(string? module)
    {
        nint engine;
        try
        {
            engine = LibCrypto.EngineById(Id);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new CommandFailure(ExitCode.Unavailable, $"Keys in tokens need OpenSSL 3 with engines, which is not on this machine: {missing.Message}");
        }
        if (engine == 0)
            throw new CommandFailure(ExitCode.Unavailable, $"Keys in tokens need OpenSSL's engine '{Id}', which is not installed ({Reasons()}). Install it: apt-get install libengine-pkcs11-openssl");
        if (module is not null && !File.Exists(module)) throw new CommandFailure(ExitCode.Refused, $"The token's module '{Quote.Short(module)}' is not there. Correct module-path, or {ModuleVariable}.");
        LibCrypto.EngineControl(engine, "QUIET", null, 1); // it would write to standard error what we say in our words
        if (module is not null) LibCrypto.EngineControl(engine, "MODULE_PATH", module, 0);
        if (LibCrypto.EngineInit(engine) != 1) throw new CommandFailure(ExitCode.Unavailable, $"OpenSSL's engine '{Id}' did not start: {Reasons()}.");
        _module = module;
        return engine;
    }

    private static Exception Refused()
    {
        var reasons = Reasons();
        return reasons.Contains("load PKCS#11 module", StringComparison.Ordinal)
            ? new CommandFailure(ExitCode.Unavailable, $"The token's module {(_module is null ? "of this system (p11-kit)" : $"'{Quote.Short(_module)}'")} cannot be loaded. Is it a PKCS #11 module for this machine?")
            : new TokenRefusedException(reasons.Split(", ")[0]);
    }

    /// <summary>OpenSSL's reasons, the first the most exact.</summary>
    private static string Reasons()
    {
        var reasons = new List<string>();
        while (LibCrypto.NextError() is var error and not 0)
            if (Marshal.PtrToStringUTF8(LibCrypto.Reason(error)) is { } reason && !reasons.Contains(reason)) reasons.Add(reason);
        return reasons.Count == 0 ? "no reason was given" : string.Join(", ", reasons);
    }
}

/// <summary>A token did not open a key.</summary>
/// <param name="reasons">Why, in OpenSSL's words.</param>
internal sealed class TokenRefusedException(string reasons) : Exception(reasons);
