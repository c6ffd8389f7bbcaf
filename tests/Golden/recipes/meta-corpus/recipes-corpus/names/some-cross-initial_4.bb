LICENSE = "MIT"
SUMMARY = "${PN}/${PV}/${BPN}/${BP}"
