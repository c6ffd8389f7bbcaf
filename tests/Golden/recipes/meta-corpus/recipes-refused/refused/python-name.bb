LICENSE = "MIT"
SUMMARY = "${@nothing_of_that_name}"
