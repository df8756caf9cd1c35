"""The pages and what all HTTP doors share: who may what, words, charts, security headers."""
