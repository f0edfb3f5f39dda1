"""Why a file cannot be read as a package of Anki's."""

from __future__ import annotations


class PackageError(Exception):
    """A file that cannot be read as a package; the message is one sentence. Nothing of it has been kept."""
