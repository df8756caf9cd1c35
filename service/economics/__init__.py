"""Money and outcomes of groups of customers, each with an interval and n."""
