LICENSE = "MIT"
SUMMARY = "${@bb.utils.to_boolean('maybe')}"
