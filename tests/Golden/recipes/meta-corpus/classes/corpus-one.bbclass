CORPUS_ONE ?= "class one"
CORPUS_AT_ONCE_IN_CLASS := "${PN}"
do_corpus() {
    true
}
addtask corpus
