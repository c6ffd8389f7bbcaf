AOS_PARENT_LAYER = "corpus-first-layer"
require recipes-aos-layers/corpus-first-layer/corpus-first-layer.bb
SUMMARY .= ", second"
AOS_LAYER_FEATURES += "two"
AOS_LAYER_VERSION = "2.0.0"
