SUMMARY .= " wrong version"
