"""What was ingested, kept in SQL and read back whole: documents, deals, spend, what stakeholders wrote."""
