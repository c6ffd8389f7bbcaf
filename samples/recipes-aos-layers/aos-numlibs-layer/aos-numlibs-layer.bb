SUMMARY = "NumPy on top of the Python layer"

AOS_PARENT_LAYER = "aos-pylibs-layer"

require recipes-aos-layers/aos-pylibs-layer/aos-pylibs-layer.bb

AOS_LAYER_FEATURES += " \
    python3-numpy \
"

AOS_LAYER_VERSION = "1.0.0"
