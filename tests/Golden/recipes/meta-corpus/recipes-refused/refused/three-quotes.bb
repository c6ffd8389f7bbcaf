LICENSE = "MIT"
SUMMARY = "x"
A = "one" two"
