"""Out to Anki, and back: the only door to genanki, and to what Anki exports."""
