using Strata.SystemTests.Running;

namespace Strata.SystemTests.Feeds;

/// <summary>A package to make.</summary>
/// <param name="Architecture">As its format writes it.</param>
/// <param name="Depends">In its format's words; empty for nothing.</param>
/// <param name="Script">Runs after the installation; empty for none.</param>
internal sealed record TestPackage(string Name, string Version, string Architecture, string Depends = "", string Script = "")
{
    /// <summary>Of an RPM, what else it gives.</summary>
    public string Provides { get; init; } = "";
}

/// <summary>Makes packages by the tools of each format, as Yocto's classes call them.</summary>
internal static class TestFeed
{
    /// <summary>Makes a package that holds <c>usr/lib/NAME/data</c>; its file stands in <c>FEED/ARCHITECTURE</c>.</summary>
    public static Task<string> MakeAsync(string kind, string feed, TestPackage package) => kind switch
    {
        "deb" => DebAsync(feed, package),
        "ipk" => IpkAsync(feed, package),
        _ => RpmAsync(feed, package),
    };

    /// <summary>Writes an opkg index of what is there, beside the packages of each architecture.</summary>
    public static Task<string> IndexIpkAsync(string feed) => ShellAsync("""
        cd "$1"
        for folder in */; do
            for file in "$folder"*.ipk; do
                dpkg-deb --field "$file"
                printf 'Size: %s\nMD5Sum: %s\nSHA256sum: %s\nFilename: %s\n\n' "$(stat -c %s "$file")" "$(md5sum <"$file" | cut -c1-32)" "$(sha256sum <"$file" | cut -c1-64)" "${file##*/}"
            done > "$folder/Packages"
        done
        """, feed);

    public static Task<string> ShellAsync(string script, params string[] arguments) => Tool.OutputAsync("/bin/sh", ["-euc", script, "sh", .. arguments]);

    private static Task<string> DebAsync(string feed, TestPackage package) => ShellAsync("""
        work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
        mkdir -p "$work/usr/lib/$2" "$work/DEBIAN" "$1/$4"
        echo "$2 $3" > "$work/usr/lib/$2/data"
        printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: T <t@example.org>\nDescription: test\n' "$2" "$3" "$4" > "$work/DEBIAN/control"
        [ -z "$5" ] || echo "Depends: $5" >> "$work/DEBIAN/control"
        [ -z "$6" ] || { printf '#!/bin/sh\nset -e\n%s\n' "$6" > "$work/DEBIAN/postinst"; chmod 0755 "$work/DEBIAN/postinst"; }
        chmod -R u=rwX,go=rX "$work/usr"
        SOURCE_DATE_EPOCH=1700000000 dpkg-deb --root-owner-group -Zxz --build "$work" "$1/$4/$2_$3_$4.deb"
        """, feed, package.Name, package.Version, package.Architecture, package.Depends, package.Script);

    // The outer archive carries no time, as opkg-build writes it.
    private static Task<string> IpkAsync(string feed, TestPackage package) => ShellAsync("""
        work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
        mkdir -p "$work/control" "$work/data/usr/lib/$2" "$1/$4"
        echo "$2 $3" > "$work/data/usr/lib/$2/data"
        printf 'Package: %s\nVersion: %s\nDescription: test\nSection: base\nPriority: optional\nMaintainer: T <t@example.org>\nLicense: MIT\nArchitecture: %s\nOE: %s\n' "$2" "$3" "$4" "$2" > "$work/control/control"
        [ -z "$5" ] || echo "Depends: $5" >> "$work/control/control"
        [ -z "$6" ] || { printf '#!/bin/sh\nset -e\n%s\n' "$6" > "$work/control/postinst"; chmod 0755 "$work/control/postinst"; }
        chmod -R u=rwX,go=rX "$work/data"
        for part in control data; do tar --sort=name --mtime=@1700000000 --owner=0 --group=0 --numeric-owner -C "$work/$part" -cJf "$work/$part.tar.xz" .; done
        echo 2.0 > "$work/debian-binary"
        cd "$work" && ar -crfD package.ipk ./debian-binary ./control.tar.xz ./data.tar.xz
        mv package.ipk "$1/$4/$2_$3_$4.ipk"
        """, feed, package.Name, package.Version, package.Architecture, package.Depends, package.Script);

    private static Task<string> RpmAsync(string feed, TestPackage package) => ShellAsync("""
        work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
        {
            printf 'Name: %s\nVersion: %s\nRelease: r0\nSummary: test\nLicense: MIT\n' "$2" "$3"
            [ -z "$5" ] || echo "Requires: $5"
            [ -z "$7" ] || echo "Provides: $7"
            printf '%%description\ntest\n%%install\nmkdir -p %%{buildroot}/usr/lib/%s\necho "%s %s" > %%{buildroot}/usr/lib/%s/data\nchmod 0644 %%{buildroot}/usr/lib/%s/data\n' "$2" "$2" "$3" "$2" "$2"
            printf '%%files\n/usr/lib/%s\n' "$2"
            [ -z "$6" ] || printf '%%post\n%s\n' "$6"
        } > "$work/package.spec"
        SOURCE_DATE_EPOCH=1700000000 HOME=$work rpmbuild --quiet -bb --target "$4" --define "_topdir $work" --define "_rpmdir $1" \
            --define '_rpmfilename %{ARCH}/%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm' --define 'use_source_date_epoch_as_buildtime 1' --define '_buildhost test' \
            --define '__spec_install_post %{nil}' --define 'debug_package %{nil}' "$work/package.spec" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
        """, feed, package.Name, package.Version, package.Architecture, package.Depends, package.Script, package.Provides);
}
