using System.Text.RegularExpressions;

namespace Strata.Artifacts.Sbom;

/// <summary>Knows SPDX's identifiers of the licences that packages of Linux distributions, Python and Node are under, and what else those call them.</summary>
/// <remarks>Source: SPDX licence list; Debian's short names; openembedded-core's common licences; Python's trove classifiers; Fedora's old abbreviations.</remarks>
internal static partial class LicenseNames
{
    private static readonly string[] Identifiers =
    [
        "0BSD", "AFL-2.1", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-1.1", "Apache-2.0", "Artistic-1.0", "Artistic-1.0-Perl", "Artistic-2.0", "Beerware",
        "BlueOak-1.0.0", "BSD-1-Clause", "BSD-2-Clause", "BSD-2-Clause-Patent", "BSD-3-Clause", "BSD-3-Clause-Clear", "BSD-4-Clause", "BSD-4-Clause-UC", "BSD-Source-Code", "BSL-1.0",
        "bzip2-1.0.6", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC0-1.0", "CDDL-1.0", "CDDL-1.1", "CPL-1.0", "curl", "ECL-2.0", "EPL-1.0", "EPL-2.0", "EUPL-1.2",
        "FSFAP", "FSFUL", "FSFULLR", "FTL", "GFDL-1.1-only", "GFDL-1.1-or-later", "GFDL-1.2-only", "GFDL-1.2-or-later", "GFDL-1.3-only", "GFDL-1.3-or-later",
        "GPL-1.0-only", "GPL-1.0-or-later", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "HPND", "HPND-sell-variant", "ICU", "IJG", "IPL-1.0", "ISC", "JSON",
        "LGPL-2.0-only", "LGPL-2.0-or-later", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "Libpng", "libpng-2.0", "libtiff", "LPPL-1.3c",
        "MirOS", "MIT", "MIT-0", "MIT-CMU", "MPL-1.0", "MPL-1.1", "MPL-2.0", "MS-PL", "NCSA", "Net-SNMP", "NTP", "OFL-1.1", "OLDAP-2.8", "OpenSSL", "OSL-3.0", "PHP-3.01", "PostgreSQL",
        "PSF-2.0", "Python-2.0", "Python-2.0.1", "QPL-1.0", "Ruby", "Sleepycat", "SMLNJ", "SSH-OpenSSH", "TCL", "TCP-wrappers", "Unicode-3.0", "Unicode-DFS-2016", "Unlicense", "UPL-1.0",
        "Vim", "W3C", "WTFPL", "X11", "Zlib", "zlib-acknowledgement", "ZPL-2.1",
    ];

    private static readonly (string Other, string Identifier)[] Others =
    [
        ("Apache 2", "Apache-2.0"), ("Apache2", "Apache-2.0"), ("Apache 2.0", "Apache-2.0"), ("Apache-2", "Apache-2.0"), ("Apache License 2.0", "Apache-2.0"), ("Apache License, Version 2.0", "Apache-2.0"),
        ("Apache Software License 2.0", "Apache-2.0"), ("ASL 2.0", "Apache-2.0"), ("Artistic", "Artistic-1.0-Perl"), ("Artistic-1", "Artistic-1.0"), ("Artistic-2", "Artistic-2.0"),
        ("Boost", "BSL-1.0"), ("BSL-1", "BSL-1.0"), ("BSD-2-clause", "BSD-2-Clause"), ("BSD-3-clause", "BSD-3-Clause"), ("BSD-4-clause", "BSD-4-Clause"),
        ("2-clause BSD", "BSD-2-Clause"), ("3-clause BSD", "BSD-3-Clause"), ("BSD 2-Clause", "BSD-2-Clause"), ("BSD 3-Clause", "BSD-3-Clause"), ("New BSD", "BSD-3-Clause"), ("Modified BSD", "BSD-3-Clause"),
        ("CC0", "CC0-1.0"), ("CC0-1", "CC0-1.0"), ("Creative Commons Zero v1.0 Universal", "CC0-1.0"), ("Expat", "MIT"), ("MIT License", "MIT"), ("The MIT License", "MIT"), ("MIT/Expat", "MIT"), ("MIT-style", "MIT"),
        ("ISC License", "ISC"), ("ISC License (ISCL)", "ISC"), ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"), ("MPLv2.0", "MPL-2.0"), ("MPL-2", "MPL-2.0"), ("MPL 2.0", "MPL-2.0"), ("MPL-1", "MPL-1.0"),
        ("Python", "Python-2.0"), ("PSF", "PSF-2.0"), ("PSF-2", "PSF-2.0"), ("PSFL", "PSF-2.0"), ("Python Software Foundation License", "PSF-2.0"), ("The Unlicense (Unlicense)", "Unlicense"),
        ("zlib/libpng", "Zlib"), ("SIL Open Font License 1.1", "OFL-1.1"), ("OFL", "OFL-1.1"), ("EPL-1", "EPL-1.0"), ("EPL-2", "EPL-2.0"), ("Universal Permissive License (UPL)", "UPL-1.0"),
        ("GNU General Public License v2 (GPLv2)", "GPL-2.0-only"), ("GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later"),
        ("GNU General Public License v3 (GPLv3)", "GPL-3.0-only"), ("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
        ("GNU Lesser General Public License v2 or later (LGPLv2+)", "LGPL-2.0-or-later"), ("GNU Lesser General Public License v3 (LGPLv3)", "LGPL-3.0-only"),
        ("GNU Lesser General Public License v3 or later (LGPLv3+)", "LGPL-3.0-or-later"),
    ];

    private static readonly (string Other, string Identifier)[] Exceptions =
    [
        ("Autoconf-exception-2.0", "Autoconf-exception-2.0"), ("Autoconf-exception-3.0", "Autoconf-exception-3.0"), ("Bison-exception-2.2", "Bison-exception-2.2"),
        ("Classpath-exception-2.0", "Classpath-exception-2.0"), ("Classpath exception", "Classpath-exception-2.0"), ("Font-exception-2.0", "Font-exception-2.0"), ("Font exception", "Font-exception-2.0"),
        ("GCC-exception-2.0", "GCC-exception-2.0"), ("GCC-exception-3.1", "GCC-exception-3.1"), ("GCC Runtime Library exception", "GCC-exception-3.1"),
        ("Libtool-exception", "Libtool-exception"), ("Libtool exception", "Libtool-exception"), ("Linux-syscall-note", "Linux-syscall-note"), ("LLVM-exception", "LLVM-exception"),
    ];

    private static readonly Dictionary<string, string> Known = Others.Concat(Identifiers.Select(i => (Other: i, Identifier: i)))
        .DistinctBy(n => n.Other, StringComparer.OrdinalIgnoreCase).ToDictionary(n => n.Other, n => n.Identifier, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, string> KnownExceptions = Exceptions.ToDictionary(n => n.Other, n => n.Identifier, StringComparer.OrdinalIgnoreCase);

    /// <summary>SPDX's identifier; null for a name that is not known.</summary>
    public static string? Identify(string name) => Known.GetValueOrDefault(name) ?? Gnu(name);

    /// <summary>SPDX's identifier of an exception; null for a name that is not known.</summary>
    public static string? IdentifyException(string name) => KnownExceptions.GetValueOrDefault(name);

    // GPL-2, GPLv2+, LGPL-2.1-or-later, GFDL-1.3+: a family, a version, and whether later ones are allowed.
    private static string? Gnu(string name)
    {
        if (GnuName().Match(name) is not { Success: true } match) return null;
        var version = match.Groups["version"].Value;
        var identifier = $"{match.Groups["family"].Value.ToUpperInvariant()}-{(version.Contains('.', StringComparison.Ordinal) ? version : version + ".0")}{(match.Groups["later"].Success ? "-or-later" : "-only")}";
        return Known.ContainsKey(identifier) ? identifier : null;
    }

    [GeneratedRegex(@"^(?<family>A?GPL|LGPL|GFDL)[- ]?v?(?<version>\d(\.\d)?)(?<later>\+|-or-later)?(-only|-no-invariants)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex GnuName();
}
