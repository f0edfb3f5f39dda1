"""A file that somebody names in a command, to be read or written: looked at before anything else is done."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from cards.command import UsageError
from cards.shown import path_shown
from cards.written import target

if TYPE_CHECKING:
    from pathlib import Path


def readable(path: Path) -> Path:
    """Return the file that a command is to read, if it is one.

    Raises:
        UsageError: There is none, it is a folder, a pipe or a device, or it may not be read.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"There is no file {path_shown(path)}.") from None
    except OSError as error:
        raise _unusable(path, error) from error
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path_shown(path)} is a folder; name a file in it.")
    if not stat.S_ISREG(mode):
        raise UsageError(
            f"{path_shown(path)} is a pipe or a device; save what comes out of it as a file, and name that."
        )
    if not os.access(path, os.R_OK):
        raise UsageError(f"You may not read {path_shown(path)}; name a file that you may.")
    return path


def writable(out: Path, *, such_as: str) -> Path:
    """Return the file that a command is to write, if a file can be there; a link is followed.

    Args:
        out: Where it is to be.
        such_as: A name for a file of its sort, for the message.

    Raises:
        UsageError: It is a folder, a pipe or a device, or lies in a folder that is not there.
    """
    try:
        path = target(out)
    except IsADirectoryError:
        raise UsageError(
            f"{path_shown(out)} is a folder; name a file in it, such as {out / such_as}."
        ) from None
    except NotADirectoryError:
        path = out
    except OSError as error:
        raise _unusable(out, error) from error
    if not path.parent.is_dir():
        folder = path_shown(path.parent)
        raise UsageError(f"There is no folder {folder} to write {path_shown(path.name)} in; make it first.")
    return path


def _unusable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path_shown(path)} cannot be used: {error.strerror}; name another file.")
