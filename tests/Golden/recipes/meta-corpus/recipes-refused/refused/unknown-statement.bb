LICENSE = "MIT"
SUMMARY = "x"
what is this
