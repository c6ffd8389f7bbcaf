LICENSE = "MIT"
SUMMARY = "${@'a b'.split()[5]}"
