LICENSE = "MIT"
SUMMARY = "x"
A = value
