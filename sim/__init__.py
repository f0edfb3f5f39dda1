"""The workshop: live simulations, each one file in `sim/toys`."""
