"""The scheduler for a whole log at once: many cards, turn by turn, in columns."""
