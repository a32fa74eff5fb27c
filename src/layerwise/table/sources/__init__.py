"""Where tables come from: files, databases and frames, read within limits."""
