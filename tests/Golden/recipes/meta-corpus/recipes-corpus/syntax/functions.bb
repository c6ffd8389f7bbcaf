LICENSE = "MIT"
SUMMARY = "kept"
do_install() {
    SUMMARY = "shell"
}
python do_more () {
    d.setVar("UNRELATED", "python")
}
fakeroot python do_other() {
    pass
}
def helper(d):
    SUMMARY = "def"

    return "x"
# A comment ends no function.
def other(d):
    return "y"
do_install:append() {
    exit 1
}
do_install[depends] += "x:y"
addtask more after do_install before do_build
deltask do_other
python () {
    pass
}
python __anonymous() {
    d.setVar("UNRELATED", "again")
}
AOS_LAYER_VERSION = "4.5.6"
