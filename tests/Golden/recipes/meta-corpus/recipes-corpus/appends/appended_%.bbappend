SUMMARY .= " every"
AOS_LAYER_FEATURES:append = " every"
C := "${PN} ${PV}"
LICENSE:append = " & ${@(d.getVar('B1') or '').replace(' ', '_')} & ${@C.replace(' ', '_').replace('%', 'percent')}"
