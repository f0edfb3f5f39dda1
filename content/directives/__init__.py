"""The dialect's directives: one file each, found by its name."""
