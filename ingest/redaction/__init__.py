"""Personal data out, typed placeholders in: rules for numbers and addresses, dictionaries and cues for names."""
