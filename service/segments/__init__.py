"""Customer segments that emerge from what customers said."""
