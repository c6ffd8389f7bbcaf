AOS_PARENT_LAYER = "corpus-first-layer"
require recipes-aos-layers/${AOS_PARENT_LAYER}/${AOS_PARENT_LAYER}.bb
SUMMARY = "${PN} without what its parent has"
LICENSE = "Apache-2.0"
AOS_LAYER_FEATURES:remove = "one"
AOS_LAYER_FEATURES:append:class-target = " two"
AOS_LAYER_WHITEOUTS = "/etc/motd"
