AOS_PARENT_LAYER = "example-tools-layer"

require recipes-aos-layers/example-tools-layer/example-tools-layer.bb

SUMMARY = "An editor on top of the tools layer, without its manual"

AOS_LAYER_VERSION = "1.1.0"

AOS_LAYER_FEATURES += " \
    nano \
"

AOS_LAYER_WHITEOUTS += " \
    /usr/share/man/* \
"
