LICENSE = "MIT"
SUMMARY = "x"
do_install_append() {
  true
}
