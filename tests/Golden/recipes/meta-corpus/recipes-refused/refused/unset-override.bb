LICENSE = "MIT"
SUMMARY = "x"
A = "x"
unset A:append
