"""Why a file cannot be read as a package of Anki's."""

from __future__ import annotations

AGAIN = "export it from Anki again"
CHOOSE = "choose an .apkg or .colpkg file that Anki has exported"


class PackageError(Exception):
    """A file that cannot be read as a package; nothing of it has been kept.

    The message is one sentence that ends with what to do.
    """
