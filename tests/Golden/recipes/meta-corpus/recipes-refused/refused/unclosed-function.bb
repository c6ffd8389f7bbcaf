LICENSE = "MIT"
SUMMARY = "x"
do_x() {
  true
