LICENSE = "MIT"
SUMMARY = "lines end in two characters"
AOS_LAYER_FEATURES = " \
  one \
  two"
