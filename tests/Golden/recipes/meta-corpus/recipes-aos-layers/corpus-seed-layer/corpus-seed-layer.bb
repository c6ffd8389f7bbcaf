SUMMARY = "Lost, for the image's recipe sets it again"
require recipes-aos-layers/aos-base-layer/aos-base-layer.inc
AOS_LAYER_FEATURES += " \
    python3 \
    python3-six \
"
AOS_LAYER_VERSION = "1.0.0"
