LICENSE = "MIT"
SUMMARY = "x"
export A:b
