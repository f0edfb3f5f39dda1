"""What the memory shows: the review desk, a card in its place in the prose, and the way out to Anki."""
