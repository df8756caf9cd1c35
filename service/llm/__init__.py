"""A language model on a leash: it may propose wording and readings, code decides what of it stands."""
