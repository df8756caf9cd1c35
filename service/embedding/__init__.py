"""Texts to vectors, cached in SQL; and the evidence index over them."""
