"""The one library of this process, shared by all its readers."""

from __future__ import annotations

import os
from functools import cache

from content.library import Book, FolderError, Library

__all__ = ["FolderError", "book", "library"]


@cache
def library() -> Library:
    """The library that the environment names: the book's own, or the folders of `MARTINGALE_CONTENT`."""
    return Library.from_environment(os.environ)


def book() -> Book:
    """The book as it is on disk now; unchanged files are not read again."""
    return library().load()
