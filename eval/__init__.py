"""Measures how good the product's answers are; the product never imports it. `python -m eval NAME`."""
