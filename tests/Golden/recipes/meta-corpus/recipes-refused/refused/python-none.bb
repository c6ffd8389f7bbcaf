LICENSE = "MIT"
SUMMARY = "${@d.getVar('NONE').split()}"
