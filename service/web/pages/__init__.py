"""What each page shows, built from the results of a run: no HTTP, no SQL."""
