namespace Strata.Build.Trees;

/// <summary>The published list of what becomes of names that differ from build to build, or that every sibling layer would write.</summary>
/// <remarks>The first rule that covers a name holds. A test holds docs/formats/normalise.md to it.</remarks>
public static class NormaliseList
{
    private const string Own = "what every installation makes there; the unit brings its own";
    private const string Lock = "lock";
    private const string Before = "copy of the state before the last change";
    private const string Register = "register of the package manager that every sibling rewrites; what it caused stands in the tree";
    private const string Index = "index over the files of all packages, made anew by who needs it; each sibling would hide the other's";
    private const string Shared = "a sibling layer that also adds to it hides this one's; put what adds to it into a parent of both";
    private const string OnePerPackage = "one file for all packages; split into one for each, so that no two siblings write the same";

    /// <summary>The list, in order.</summary>
    public static IReadOnlyList<NormaliseRule> Rules { get; } =
    [
        .. LeftOut(Own, "dev/console", "dev/fd", "dev/full", "dev/null", "dev/ptmx", "dev/random", "dev/stderr", "dev/stdin", "dev/stdout", "dev/tty", "dev/urandom", "dev/zero"),
        .. LeftOut("lock or table of mounts that an installation leaves", "run/lock/**", "run/*.lock", "run/adduser", "run/mount/**", "run/utmp"),
        Refused("dev", "for the devices of the unit"),
        Refused("proc", "for the kernel, at run time"),
        Refused("sys", "for the kernel, at run time"),
        Refused("run", "for the state of a running machine"),
        Refused("tmp", "for scratch files"),
        .. LeftOut("log of the build", "var/log/**"),
        .. LeftOut("cache that is made anew", "var/cache/**", "etc/ld.so.cache"),
        .. LeftOut("identity of one machine", "etc/machine-id", "var/lib/dbus/machine-id"),
        .. LeftOut("secret of one machine", "var/lib/systemd/random-seed"),
        .. LeftOut(Lock, "etc/.pwd.lock", "var/lib/dpkg/lock", "var/lib/dpkg/lock-frontend", "var/lib/dpkg/triggers/Lock", "var/lib/opkg/lock", "usr/lib/opkg/lock", "var/lib/rpm/.rpm.lock", "usr/lib/sysimage/rpm/.rpm.lock"),
        .. LeftOut("working file of a database at rest", "var/lib/rpm/rpmdb.sqlite-shm", "var/lib/rpm/rpmdb.sqlite-wal", "usr/lib/sysimage/rpm/rpmdb.sqlite-shm", "usr/lib/sysimage/rpm/rpmdb.sqlite-wal"),
        .. LeftOut(Before, "var/lib/dpkg/*-old", "etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/subuid-", "etc/subgid-"),
        .. SplitUp("var/lib/dpkg/status", "var/lib/opkg/status", "usr/lib/opkg/status", "var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite"),
        .. LeftOut(
            Register,
            "var/lib/dpkg/alternatives/**", "var/lib/dpkg/available", "var/lib/dpkg/cmethopt", "var/lib/dpkg/diversions", "var/lib/dpkg/statoverride", "var/lib/dpkg/triggers/**",
            "var/lib/dpkg/updates/**", "var/lib/opkg/alternatives/**", "var/lib/opkg/lists/**", "usr/lib/opkg/alternatives/**", "usr/lib/opkg/lists/**",
            "var/lib/rpm/rpmdb.sqlite-*", "usr/lib/sysimage/rpm/rpmdb.sqlite-*", "usr/lib/sysimage/libdnf5/**", "var/lib/apt/**", "var/lib/dnf/**", "var/lib/ucf/**", "var/lib/pam/**", "var/lib/shells.state"),
        .. LeftOut(
            Index,
            "usr/share/info/dir", "usr/share/info/dir.old", "usr/share/applications/mimeinfo.cache", "usr/share/icons/*/icon-theme.cache", "usr/lib/udev/hwdb.bin", "etc/udev/hwdb.bin",
            "var/lib/systemd/catalog/database"),
        .. Kept("", "the package database, one file for each package", "var/lib/dpkg/**", "var/lib/opkg/**", "var/lib/rpm/status.d/**"),
        .. Kept(
            "shared-register", Shared,
            "var/lib/rpm/Packages", "var/lib/rpm/Packages.db", "usr/lib/sysimage/rpm/Packages", "usr/lib/sysimage/rpm/Packages.db", "etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "etc/subuid", "etc/subgid", "etc/shells", "etc/mailcap", "etc/ssl/certs/ca-certificates.crt", "etc/xml/catalog", "etc/sgml/catalog",
            "usr/share/glib-2.0/schemas/gschemas.compiled", "usr/share/mime/mime.cache", "usr/lib/locale/locale-archive", "usr/lib/*/gio/modules/giomodule.cache", "usr/lib/gio/modules/giomodule.cache",
            "usr/lib/*/gdk-pixbuf-2.0/*/loaders.cache"),
        .. Kept("content-in-var", "a unit keeps its own /var, and a service that writes there hides the layer's", "var/**"),
        .. Kept("content-in-home", "home folders are the unit's", "home/**"),
    ];

    private static NormaliseRule Refused(string folder, string reason) => new($"{folder}/**", NormaliseAction.Refuse, reason) { Name = $"content-in-{folder}" };

    private static IEnumerable<NormaliseRule> LeftOut(string reason, params IEnumerable<string> patterns) =>
        patterns.Select(pattern => new NormaliseRule(pattern, NormaliseAction.LeaveOut, reason));

    private static IEnumerable<NormaliseRule> SplitUp(params IEnumerable<string> patterns) =>
        patterns.Select(pattern => new NormaliseRule(pattern, NormaliseAction.Split, OnePerPackage));

    private static IEnumerable<NormaliseRule> Kept(string name, string reason, params IEnumerable<string> patterns) =>
        patterns.Select(pattern => new NormaliseRule(pattern, NormaliseAction.Report, reason) { Name = name });
}
