"""The commands of `python -m cards`, one file each; see `cards/command.py` for what a command is."""
