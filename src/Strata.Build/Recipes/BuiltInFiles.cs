namespace Strata.Build.Recipes;

/// <summary>What BitBake's configuration sets around every recipe, and the base include file and the layer class of the contract for where no meta layer on the path brings its own.</summary>
/// <remarks>Source: the defaults of openembedded-core scarthgap and of meta-aos, as summed up in docs/formats/recipes.md; the texts are ours.</remarks>
internal static class BuiltInFiles
{
    /// <summary>Where <c>require</c> looks for the base include file.</summary>
    public const string BaseInclude = "recipes-aos-layers/aos-base-layer/aos-base-layer.inc";

    /// <summary>The class that the base include file inherits.</summary>
    public const string LayerClass = "layer-generator";

    /// <summary>What is set before the build's configuration and the recipe are read.</summary>
    public static RecipeFile Defaults { get; } = new("(built in)/defaults.conf", """
        PN = "${@bb.parse.vars_from_file(FILE, d)[0] or 'defaultpkgname'}"
        PV = "${@bb.parse.vars_from_file(FILE, d)[1] or '1.0'}"
        PR = "r0"
        PE = ""
        EXTENDPE = "${@PE + '_' if int(PE or 0) > 0 else ''}"
        PF = "${PN}-${EXTENDPE}${PV}-${PR}"
        P = "${PN}-${PV}"
        SPECIAL_PKGSUFFIX = "-native -cross -initial -intermediate -crosssdk -cross-canadian"
        MLPREFIX ??= ""
        BPN = "${@oe.utils.prune_suffix(PN, SPECIAL_PKGSUFFIX.split(), d)}"
        BP = "${BPN}-${PV}"
        SECTION = "base"
        SUMMARY ?= "${PN} version ${PV}-${PR}"
        DESCRIPTION ?= "${SUMMARY}."
        LICENSE ??= "INVALID"
        FILE_DIRNAME = "${@os.path.dirname(FILE)}"
        THISDIR = "${@os.path.dirname(FILE)}"
        DISTRO ??= "nodistro"
        DISTRO_NAME ??= "OpenEmbedded"
        TARGET_OS ??= "linux"
        TRANSLATED_TARGET_ARCH ??= "${@d.getVar('TARGET_ARCH').replace('_', '-') if d.getVar('TARGET_ARCH') else ''}"
        HOST_OS ??= "${TARGET_OS}"
        BUILD_OS ??= "linux"
        SDK_OS ??= "${BUILD_OS}"
        TCLIBC ??= "glibc"
        LIBCOVERRIDE ?= ":libc-${TCLIBC}"
        CLASSOVERRIDE ?= "class-target"
        DISTROOVERRIDES ?= "${@d.getVar('DISTRO') or ''}"
        MACHINEOVERRIDES ?= "${@d.getVar('MACHINE') or ''}"
        OVERRIDES = "${TARGET_OS}:${TRANSLATED_TARGET_ARCH}:pn-${PN}:layer-${FILE_LAYERNAME}:${MACHINEOVERRIDES}:${DISTROOVERRIDES}:${CLASSOVERRIDE}${LIBCOVERRIDE}:forcevariable"
        """);

    /// <summary>What is set behind the build's configuration.</summary>
    public static RecipeFile LateDefaults { get; } = new("(built in)/late-defaults.conf", """
        include conf/machine/${MACHINE}.conf
        include conf/distro/${DISTRO}.conf
        MACHINE_FEATURES ?= ""
        DISTRO_FEATURES ?= "acl alsa bluetooth debuginfod ext2 ipv4 ipv6 pcmcia usbgadget usbhost wifi xattr nfs zeroconf pci 3g nfc x11 vfat seccomp pulseaudio sysvinit gobject-introspection-data ldconfig"
        """);

    // Which image it is, is known only to the build; where its recipe is on the path, it counts as it does in BitBake.
    private const string BaseIncludeText = """
        # Every layer recipe requires this file, or its parent's recipe, which does.
        LICENSE ?= "MIT"
        AOS_BASE_IMAGE ?= "aos-image"
        include recipes-core/images/${AOS_BASE_IMAGE}.bb
        inherit layer-generator
        """;

    private const string LayerClassText = """
        # Gives way to a class of this name on the path.
        AOS_BASE_IMAGE ??= "aos-image"
        AOS_PARENT_LAYER ??= "${AOS_BASE_IMAGE}"
        AOS_LAYER_FEATURES ??= ""
        AOS_LAYER_VERSION ??= "1.0.0"
        AOS_LAYER_WHITEOUTS ??= ""
        """;

    /// <summary>The text behind a <c>require</c>; null when it is not built in.</summary>
    public static RecipeFile? Include(string path) => path == BaseInclude ? new($"(built in)/{BaseInclude}", BaseIncludeText) : null;

    /// <summary>The text of a class; null when it is not built in.</summary>
    public static RecipeFile? Class(string name) => name == LayerClass ? new($"(built in)/classes/{LayerClass}.bbclass", LayerClassText) : null;
}
