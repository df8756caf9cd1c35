"""One file per family of input; `registry` chooses among them by content."""
