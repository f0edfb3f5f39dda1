"""What a card of the kind `predict` is made of: ranges, draws, a tolerance, words, and a picture."""
