LICENSE = "MIT"
SUMMARY = "x"
A := "${@d.getVar('NONE').lower()}"
