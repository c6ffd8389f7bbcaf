LICENSE = "MIT"
require recipes-corpus/appends/appended_1.0.bb
