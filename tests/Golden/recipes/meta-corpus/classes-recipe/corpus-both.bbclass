CORPUS_BOTH = "of classes-recipe"
