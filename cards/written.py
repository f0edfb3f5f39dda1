"""Writing a file so that it is whole or not there: under another name, and renamed when it is done."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cards.shown import path_shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

MARKED = 20  # characters of a file's name in the name that it has meanwhile, which must not become too long
FULL = "free some space, or name a file on another disk"
ELSEWHERE = "name a file in a folder in which you may write"
REASONS = {
    errno.ENOENT: ("its folder takes no new files", ELSEWHERE),
    errno.EACCES: ("you may not write in its folder", ELSEWHERE),
    errno.EPERM: ("you may not write in its folder", ELSEWHERE),
    errno.EROFS: ("its disk can only be read", "name a file on another disk"),
    errno.ENOSPC: ("the disk is full", FULL),
    errno.EDQUOT: ("your share of the disk is full", FULL),
    errno.EFBIG: ("no file there may be so large", "name a file on another disk"),
}


def target(path: Path) -> Path:
    """Return the file to write where a path leads: renaming over a link would put a file in its place.

    Raises:
        OSError: It leads nowhere, or to what is no ordinary file; its `strerror` says to what.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, and no ordinary file", str(path))
    return path.resolve() if path.is_symlink() else path


def why(error: OSError) -> str:
    """Return why a file cannot be written, in the system's words, for which SQLite has others."""
    if error.errno == errno.ENOSPC:
        return os.strerror(errno.ENOSPC)
    return error.strerror or str(error)


def refusal(path: Path, error: OSError) -> str:
    """Return the sentence for a file that cannot be written: which, why, and what to do about it."""
    reason, remedy = REASONS.get(error.errno or 0, (why(error), "name another file"))
    return f"{path_shown(path)} cannot be written: {reason}; {remedy}."


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
    path = target(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:MARKED]}-", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline=newline) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
