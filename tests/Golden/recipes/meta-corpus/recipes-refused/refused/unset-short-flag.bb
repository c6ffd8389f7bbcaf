LICENSE = "MIT"
SUMMARY = "x"
A[x] = "y"
unset A[x]
