"""Writing a file so that it is whole or not there: under another name, and renamed when it is done."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


@contextmanager
def whole(path: Path, *, newline: str | None = None) -> Iterator[TextIO]:
    """Open a text file to write, for its owner only; it is in its place at the end, on disk.

    If the block raises, a file that was there before is as it was.

    Args:
        path: The file.
        newline: What becomes of the ends of lines; "" leaves them as they are written.

    Raises:
        OSError: It cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline=newline) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
