LICENSE = "MIT"
SUMMARY = "x"
A = "x" # why
