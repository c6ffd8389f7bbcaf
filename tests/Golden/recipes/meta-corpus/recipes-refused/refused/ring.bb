LICENSE = "MIT"
SUMMARY = "${A}"
A = "${B}"
B = "${A}"
