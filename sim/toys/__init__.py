"""The toys: the folder is the registry, so adding a file adds a simulation."""
