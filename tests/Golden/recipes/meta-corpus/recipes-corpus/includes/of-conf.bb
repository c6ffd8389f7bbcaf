LICENSE = "MIT"
require settings.conf
SUMMARY = "${FROM_CONF} ${LONG}"
