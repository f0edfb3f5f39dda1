"""Reading what Anki exports: packages and collections, old and new, and whatever else is handed in as one."""
