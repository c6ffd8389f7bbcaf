LICENSE = "MIT"
PE = "2"
PR = "r7"
SUMMARY = "${PF} ${EXTENDPE} ${@os.path.basename(FILE)} ${@os.path.basename(d.getVar('FILE_DIRNAME'))}"
