"""Briefs over time: numbered versions, what changed and why, who approved."""
