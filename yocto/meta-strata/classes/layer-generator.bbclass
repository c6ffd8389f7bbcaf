# Makes a layer of an image recipe: what its root file system has and the parent's has not.
#
# The parent is the base image, or another layer. `strata layer diff` compares the two trees and packs the difference, as it does
# where a layer is built without Yocto, so that both ways give the same bytes for the same trees.

inherit layer-base

# What a recipe says

AOS_BASE_IMAGE ??= "aos-image"
AOS_PARENT_LAYER ??= "${AOS_BASE_IMAGE}"
AOS_LAYER_FEATURES ??= ""
AOS_LAYER_VERSION ??= "1.0.0"
AOS_LAYER_WHITEOUTS ??= ""

# What the build says

AOS_OS ??= "linux"
AOS_ARCHITECTURE ??= "${@layer_architecture(d)}"
AOS_LAYER_OS ??= "${AOS_OS}"
AOS_LAYER_ARCH ??= "${AOS_ARCHITECTURE}"
AOS_LAYER_ARCH_VARIANT ??= "${@'v7' if d.getVar('AOS_LAYER_ARCH') == 'arm' else ''}"
AOS_LAYER_DEPLOY_ROOT ??= "${DEPLOY_DIR_IMAGE}/layers"
AOS_LAYER_DEPLOY_DIR ??= "${AOS_LAYER_DEPLOY_ROOT}/${PN}"

# The target that the base image belongs to, and its identity, sha256:..., where it was published.
AOS_TARGET_NAME ??= "${AOS_BASE_IMAGE}"
AOS_TARGET_IDENTITY ??= ""

# Later times in the layer become this one; it is the time that the image class gives to every file.
AOS_LAYER_TIME ??= "${REPRODUCIBLE_TIMESTAMP_ROOTFS}"

STRATA ??= "strata"

LAYER_ARCHIVE = "${AOS_LAYER_DEPLOY_DIR}/${AOS_LAYER_OS}-${AOS_LAYER_ARCH}-${AOS_LAYER_VERSION}.tar.gz"
LAYER_VALUES = "${WORKDIR}/layer-values.json"
LAYER_PARENT_TAR = "${AOS_ROOTFS_SHARE}/${AOS_PARENT_LAYER}-${MACHINE}/rootfs.tar"
LAYER_PARENT_ROOTFS = "${WORKDIR}/parent-rootfs"

IMAGE_INSTALL:append = " ${AOS_LAYER_FEATURES}"

# No image file is wanted of a layer.
IMAGE_FSTYPES:forcevariable = ""
do_image[noexec] = "1"
do_image_complete[noexec] = "1"

def layer_architecture(d):
    # The names that OCI documents use.
    names = {"x86_64": "amd64", "i586": "386", "i686": "386", "aarch64": "arm64"}
    architecture = d.getVar("TARGET_ARCH") or ""
    return names.get(architecture, architecture)

def layer_values(d):
    # What only the recipe knows; all else is read from the layer's content.
    parent = d.getVar("AOS_PARENT_LAYER")
    on_layer = parent != d.getVar("AOS_BASE_IMAGE")
    platform = {"architecture": d.getVar("AOS_LAYER_ARCH"), "os": d.getVar("AOS_LAYER_OS")}
    if d.getVar("AOS_LAYER_ARCH_VARIANT"):
        platform["variant"] = d.getVar("AOS_LAYER_ARCH_VARIANT")
    if d.getVar("DISTRO_VERSION"):
        platform["os.version"] = d.getVar("DISTRO_VERSION")
    values = {
        "name": d.getVar("PN"),
        "version": d.getVar("AOS_LAYER_VERSION"),
        "summary": d.getVar("SUMMARY"),
        "license": d.getVar("LICENSE"),
        "features": (d.getVar("AOS_LAYER_FEATURES") or "").split(),
        "whiteouts": (d.getVar("AOS_LAYER_WHITEOUTS") or "").split(),
        "platform": platform,
        "parent": "%s/%s/layer.json" % (d.getVar("AOS_LAYER_DEPLOY_ROOT"), parent) if on_layer else None,
        "target": {"name": d.getVar("AOS_TARGET_NAME"), "identity": d.getVar("AOS_TARGET_IDENTITY") or None},
    }
    return values

pack_layer() {
    if ! command -v ${STRATA} > /dev/null; then
        bbfatal "The program '${STRATA}' is not on the PATH; install it, or set STRATA to where it is."
    fi
    # A pattern such as /usr/share/fonts/* is a whiteout, not a list of the build machine's files.
    set -f
    set --
    for path in ${AOS_LAYER_WHITEOUTS}; do
        set -- "$@" --whiteout "$path"
    done
    set +f
    mkdir -p ${LAYER_PARENT_ROOTFS}
    tar --extract --file ${LAYER_PARENT_TAR} --directory ${LAYER_PARENT_ROOTFS} \
        --preserve-permissions --same-owner --numeric-owner --xattrs --xattrs-include='*'
    ${STRATA} layer diff ${LAYER_PARENT_ROOTFS} ${IMAGE_ROOTFS} ${LAYER_ARCHIVE} \
        --normalise --latest-time ${AOS_LAYER_TIME} --describe ${LAYER_VALUES} "$@"
    rm -rf ${LAYER_PARENT_ROOTFS}
}

do_create_layer[depends] += "virtual/fakeroot-native:do_populate_sysroot ${AOS_PARENT_LAYER}:do_share_rootfs"
do_create_layer[depends] += "${@'' if d.getVar('AOS_PARENT_LAYER') == d.getVar('AOS_BASE_IMAGE') else d.getVar('AOS_PARENT_LAYER') + ':do_create_layer'}"
do_create_layer[dirs] = "${WORKDIR} ${AOS_LAYER_DEPLOY_DIR}"
do_create_layer[cleandirs] = "${LAYER_PARENT_ROOTFS}"
do_create_layer[vardepsexclude] += "AOS_ROOTFS_SHARE"

fakeroot python do_create_layer() {
    import json

    with open(d.getVar("LAYER_VALUES"), "w") as file:
        json.dump(layer_values(d), file, indent=2)
    bb.build.exec_func("pack_layer", d)
}

addtask create_layer after do_rootfs before do_build
