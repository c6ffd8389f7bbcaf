CORPUS_BOTH = "of classes"
