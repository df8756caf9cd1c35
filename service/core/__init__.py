"""Settings, errors, ids and the clock: what every room above may use."""
