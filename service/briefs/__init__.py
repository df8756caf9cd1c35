"""Documents people act on; every number and quote in them is a fact."""
