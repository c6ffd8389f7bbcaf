AOS_PARENT_LAYER = "corpus-third-layer"
require recipes-aos-layers/corpus-third-layer/corpus-third-layer.bb
SUMMARY .= ", fourth"
AOS_LAYER_FEATURES += "four"
AOS_LAYER_VERSION = "4.0.0"
