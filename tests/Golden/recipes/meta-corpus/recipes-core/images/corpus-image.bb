SUMMARY = "The base image of the corpus"
LICENSE = "MIT"
CORPUS_FROM_IMAGE = "image of ${PN}"
CORPUS_AT_ONCE := "${PN}"
inherit core-image
