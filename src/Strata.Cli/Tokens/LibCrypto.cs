using System.Runtime.InteropServices;

namespace Strata.Cli.Tokens;

/// <summary>OpenSSL's calls for engines, of the library that the framework itself has loaded.</summary>
/// <remarks>The framework opens a key through an engine too, but cannot give the engine a PIN, a module or a question for a certificate. Source: OpenSSL 3.0, engine.h and ui.h.</remarks>
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    /// <summary>A question for a text that is not shown. UIT_PROMPT.</summary>
    public const int Prompt = 1;

    [LibraryImport(Library, EntryPoint = "ENGINE_by_id", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EngineById(string id);

    [LibraryImport(Library, EntryPoint = "ENGINE_init")]
    public static partial int EngineInit(nint engine);

    [LibraryImport(Library, EntryPoint = "ENGINE_ctrl_cmd_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EngineControl(nint engine, string command, string? argument, int isOptional);

    [LibraryImport(Library, EntryPoint = "ENGINE_ctrl_cmd", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int EngineControl(nint engine, string command, nint number, void* argument, nint function, int isOptional);

    [LibraryImport(Library, EntryPoint = "ENGINE_load_private_key", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EngineLoadPrivateKey(nint engine, string id, nint userInterface, nint data);

    [LibraryImport(Library, EntryPoint = "UI_null")]
    public static partial nint NoUserInterface();

    [LibraryImport(Library, EntryPoint = "UI_create_method", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewUserInterface(string name);

    [LibraryImport(Library, EntryPoint = "UI_method_set_reader")]
    public static partial int SetReader(nint userInterface, delegate* unmanaged[Cdecl]<nint, nint, int> reader);

    [LibraryImport(Library, EntryPoint = "UI_get_string_type")]
    public static partial int TypeOf(nint question);

    [LibraryImport(Library, EntryPoint = "UI_set_result", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Answer(nint process, nint question, string answer);

    [LibraryImport(Library, EntryPoint = "i2d_X509")]
    public static partial int WriteCertificate(nint certificate, byte** output);

    [LibraryImport(Library, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(Library, EntryPoint = "ERR_get_error")]
    public static partial nuint NextError();

    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "ERR_reason_error_string")]
    public static partial nint Reason(nuint error);

    /// <summary>What the engine's command LOAD_CERT_CTRL reads and fills.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct CertificateQuestion
    {
        public byte* Id;
        public nint Certificate;
    }
}
