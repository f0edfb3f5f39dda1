"""The book: prose, and everything that reads it."""
