LICENSE = "MIT"
SUMMARY = "x"
A B = "x"
