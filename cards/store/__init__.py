"""The learner's database: the only door to SQL."""
