LICENSE = "MIT"
FOLDER = "files"
SUMMARY = "a[${A}] b[${B1}] c[${C}] d[${D1}] e[${E}] f[${F}] g[${G}] h[${@os.path.basename(FILE)}]"
require ${FOLDER}/first.inc
include files/not-there.inc
require recipes-corpus/includes/files/second.inc files/third.inc
G = "after"
