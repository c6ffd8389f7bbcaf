require recipes-aos-layers/aos-base-layer/aos-base-layer.inc

# Below the require: the base image's recipe sets SUMMARY as well, and the last assignment counts.
SUMMARY = "Tools to look at JSON and at the network"

AOS_LAYER_VERSION = "1.0.0"

AOS_LAYER_FEATURES += " \
    curl \
    jq \
"
