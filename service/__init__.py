"""The product: from redacted documents to segments, verdicts and briefs."""
