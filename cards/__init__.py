"""The memory: what is remembered and believed."""
