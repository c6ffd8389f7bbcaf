LICENSE = "MIT"
KIND = "two"
CORPUS_TWO = "recipe"
inherit corpus-${KIND} corpus-both
inherit corpus-one
inherit ${@bb.utils.contains('KIND', 'two', '', 'nowhere-to-be-found', d)}
inherit_defer corpus-late
LATER = "set below"
SUMMARY = "${CORPUS_ONE}|${CORPUS_TWO}|${CORPUS_BOTH}|${CORPUS_AT_ONCE_IN_CLASS}|${CORPUS_LATE}|${CORPUS_SEEN}|${@bb.data.inherits_class('corpus-one', d)}|${@bb.data.inherits_class('corpus-three', d)}"
BBCLASSEXTEND = "native"
