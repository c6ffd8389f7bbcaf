LICENSE = "MIT"
SUMMARY = "x"
require ring-a.inc
