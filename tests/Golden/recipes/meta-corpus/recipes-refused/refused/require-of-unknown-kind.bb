LICENSE = "MIT"
SUMMARY = "x"
require files.txt
