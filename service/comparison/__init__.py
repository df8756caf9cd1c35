"""Claims against the data, and the three pictures against each other."""
