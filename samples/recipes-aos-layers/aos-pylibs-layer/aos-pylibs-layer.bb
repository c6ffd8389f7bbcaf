require recipes-aos-layers/aos-base-layer/aos-base-layer.inc

# Below the require: the base image's recipe may set SUMMARY as well, and the last assignment counts.
SUMMARY = "Python 3 with libraries for HTTP, web sockets and YAML"

AOS_LAYER_FEATURES += " \
    python3 \
    python3-requests \
    python3-aiohttp \
    python3-six \
    python3-websocket-client \
    python3-pyyaml \
"

AOS_LAYER_VERSION = "1.0.0"
