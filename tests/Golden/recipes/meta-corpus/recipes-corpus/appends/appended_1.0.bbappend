SUMMARY .= " exact"
AOS_LAYER_FEATURES += "exact"
B1 := "${PN} ${PV}"
