"""The dialect's own directives: one file each, found by its name; see `content/directive.py`."""
