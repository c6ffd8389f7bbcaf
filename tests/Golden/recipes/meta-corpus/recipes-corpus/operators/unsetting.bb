LICENSE = "MIT"
SUMMARY = "a[${A}] b[${B1}] c[${C}] d[${@d.getVar('D1')}]"
A = "x"
A:append = " y"
unset A
B1 = "x"
B1:append = " y"
unset B1
B1 = "z"
C = "x"
C:pn-unsetting = "y"
unset C
C = "back"
D1 = "gone"
unset D1
AOS_LAYER_VERSION = "2.0.0"
unset AOS_LAYER_VERSION
AOS_LAYER_VERSION ?= "3.0.0"
