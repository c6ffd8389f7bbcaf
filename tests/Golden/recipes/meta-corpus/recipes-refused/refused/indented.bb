LICENSE = "MIT"
SUMMARY = "x"
  A = "x"
