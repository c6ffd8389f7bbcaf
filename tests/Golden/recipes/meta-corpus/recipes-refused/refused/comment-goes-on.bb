LICENSE = "MIT"
SUMMARY = "x"
# one \
A = "x"
