AOS_PARENT_LAYER = "corpus-second-layer"
require recipes-aos-layers/corpus-second-layer/corpus-second-layer.bb
SUMMARY .= ", third"
AOS_LAYER_FEATURES =+ "three"
AOS_LAYER_VERSION = "3.0.0-rc.1"
