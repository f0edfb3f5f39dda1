"""Out to Anki: the only door to genanki."""
