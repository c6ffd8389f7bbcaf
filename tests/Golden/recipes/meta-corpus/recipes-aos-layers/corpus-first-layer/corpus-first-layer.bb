require recipes-aos-layers/aos-base-layer/aos-base-layer.inc
SUMMARY = "First of ${PN} on ${CORPUS_FROM_IMAGE} ${CORPUS_AT_ONCE} ${FIRST_AT_ONCE}"
AOS_LAYER_FEATURES += "one"
AOS_LAYER_FEATURES:append:pn-corpus-first-layer = " only-first"
AOS_LAYER_VERSION = "1.1.0"
AOS_LAYER_WHITEOUTS += "/usr/share/doc/*"
FIRST_AT_ONCE := "${PN}"
