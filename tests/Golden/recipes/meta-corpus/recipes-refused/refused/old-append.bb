LICENSE = "MIT"
SUMMARY_append = " x"
