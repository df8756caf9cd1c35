"""How well segments are found: companies with planted segments, scores, peers, steadiness, growth."""
