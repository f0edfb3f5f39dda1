"""What the workshop shows: a simulation inside a section, its figure, and its routes."""
