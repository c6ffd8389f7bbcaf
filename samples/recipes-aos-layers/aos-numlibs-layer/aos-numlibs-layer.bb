AOS_PARENT_LAYER = "aos-pylibs-layer"

require recipes-aos-layers/aos-pylibs-layer/aos-pylibs-layer.bb

# Below the require: the parent's recipe sets these two as well, and the last assignment counts.
SUMMARY = "NumPy on top of the Python layer"

AOS_LAYER_VERSION = "1.0.0"

AOS_LAYER_FEATURES += " \
    python3-numpy \
"
