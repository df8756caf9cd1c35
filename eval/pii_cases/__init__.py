"""Texts with planted personal data: drawn with a seed from templates of many trades, every string at a known place."""
