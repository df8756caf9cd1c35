"""What each command does. Modules here import the rooms they need inside functions: `--help` must start at once."""
