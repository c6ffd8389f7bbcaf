LICENSE = "MIT"
SUMMARY = "x"
require nowhere.inc
