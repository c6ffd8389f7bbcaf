SUMMARY = "Python 3 with libraries for HTTP, web sockets and YAML"

require recipes-aos-layers/aos-base-layer/aos-base-layer.inc

AOS_LAYER_FEATURES += " \
    python3 \
    python3-requests \
    python3-aiohttp \
    python3-six \
    python3-websocket-client \
    python3-pyyaml \
"

AOS_LAYER_VERSION = "1.0.0"
