LICENSE = "MIT"
# Three quotes would be refused; of four, the outer ones count.
SUMMARY = "one" "two"
