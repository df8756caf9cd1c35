"""The agreed picture: segments in tiers, by stated rules."""
