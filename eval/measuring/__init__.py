"""Parts of `python -m eval economics`: coverage of intervals, a public shop, a company of a hundred thousand."""
