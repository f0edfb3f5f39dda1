"""The parts of a sweep; `sim.sweep` puts them together."""
