# Keeps the root file system of an image, or of a layer, for the layers that are built on it.
#
# It is kept as an archive, because owners and device nodes exist only inside the fakeroot session of the recipe that made them,
# and because the work folder may be removed when the recipe is done.

AOS_ROOTFS_SHARE ??= "${TMPDIR}/work-shared"
AOS_SHARED_ROOTFS = "${AOS_ROOTFS_SHARE}/${PN}-${MACHINE}/rootfs.tar"

do_share_rootfs[depends] += "virtual/fakeroot-native:do_populate_sysroot"
do_share_rootfs[dirs] = "${AOS_ROOTFS_SHARE}/${PN}-${MACHINE}"
do_share_rootfs[vardepsexclude] += "AOS_ROOTFS_SHARE TMPDIR"

fakeroot do_share_rootfs() {
    tar --create --file ${AOS_SHARED_ROOTFS}.new --directory ${IMAGE_ROOTFS} \
        --sort=name --numeric-owner --format=pax --xattrs --xattrs-include='*' .
    mv ${AOS_SHARED_ROOTFS}.new ${AOS_SHARED_ROOTFS}
}

addtask share_rootfs after do_rootfs before do_build
