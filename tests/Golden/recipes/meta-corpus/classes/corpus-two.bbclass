inherit corpus-one
CORPUS_TWO ?= "class two"
CORPUS_ONE .= "+two"
