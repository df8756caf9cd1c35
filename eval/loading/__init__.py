"""How the pages and the API hold under readers and uploaders while an analysis runs."""
