LICENSE = "MIT"
SUMMARY = "${PN}/${PV}/${PR}/${P}/${BPN}/${BP}/${PF}"
