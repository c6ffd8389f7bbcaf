LICENSE = "MIT"
SUMMARY = "${@1 +}"
