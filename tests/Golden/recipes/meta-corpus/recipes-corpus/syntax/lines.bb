LICENSE = "MIT"
# A comment, with a quote " in it.
# One that goes on \
# over two lines.
SUMMARY = "a[${A}] b[${B}] c[${C}] d[${D}] e[${E}] f[${F}] g[${G}] h[${H}] i[${I}] j[${J}] k[${K}]"
A = " \
    one \
    two \
"
B = 'single "double" single'
C = "double 'single' double"
D="tight"
E   =   "wide"   
export F = "exported"
export F
G = "a "b" c"
H = "a backslash \n stays"
I = ""
J = "no # comment"
K += \
    "value on the next line"
AOS_LAYER_FEATURES = "\
one \
\
two"
