LICENSE = "MIT"
SUMMARY = "${PN}/${PV}/${PR}/${P}/${BPN}/${BP}/${PF}"
AOS_LAYER_VERSION = "${PV}"
