"""Files in, redacted documents out. No database, no network, no model calls."""
