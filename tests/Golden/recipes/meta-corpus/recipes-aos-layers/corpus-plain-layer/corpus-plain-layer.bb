require recipes-aos-layers/aos-base-layer/aos-base-layer.inc
