"""The dialect's roles: one file each, found by its name; see `content/role.py`."""
