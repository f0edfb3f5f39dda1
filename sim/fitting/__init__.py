"""Fitting the FSRS model to one learner's answers: pure arrays in, weights out. torch is imported late."""
