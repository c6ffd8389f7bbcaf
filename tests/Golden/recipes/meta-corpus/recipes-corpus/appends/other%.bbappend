SUMMARY .= " of other"
