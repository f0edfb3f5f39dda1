"""Which files a book is made of, and whether they have changed.

Every `*.md` below a folder of the book is a section, except glossary.md, sources.md, _track.md, README.md and
AUTHORING.md. Names that begin with a dot are an editor's own and are left alone; folders are not followed
through symbolic links, so that a link cannot lead in a circle.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cards.shown import path_shown

GLOSSARY, SOURCES, TRACK, FIGURES = "glossary.md", "sources.md", "_track.md", "figures"
READ = frozenset({GLOSSARY, SOURCES, TRACK})
NOT_SECTIONS = READ | {"README.md", "AUTHORING.md"}
FIGURE_TYPES = frozenset({".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"})


class FolderError(Exception):
    """A folder of the book that is not there; the message says which, and who named it."""


@dataclass(frozen=True)
class Stamp:
    """What tells one version of a file from another; saving by renaming changes at least one of the three."""

    modified: int
    size: int
    inode: int


@dataclass(frozen=True)
class Files:
    """The files of one root, each with its stamp.

    A root that is a file is a book of one section; what stands beside it counts as the book's. What is closed
    to us, a folder or a file, has the system's reason instead of a stamp.
    """

    glossary: Path
    sources: Path
    definitions: dict[Path, Stamp]
    sections: dict[Path, Stamp] = field(default_factory=dict)
    tracks: dict[Path, Stamp] = field(default_factory=dict)
    figures: dict[Path, Stamp] = field(default_factory=dict)
    closed: dict[Path, str] = field(default_factory=dict)

    def stamps(self) -> Iterator[tuple[Path, Stamp]]:
        """Every file with its stamp."""
        for group in (self.sections, self.tracks, self.figures, self.definitions):
            yield from group.items()


def list_files(root: Path) -> Files:
    """List the files of a root.

    Raises:
        FolderError: If there is no such file or folder, it is closed to us, or it is a pipe or a device.
    """
    folder = root if _is_folder(root) else root.parent
    sections: dict[Path, Stamp] = {}
    tracks: dict[Path, Stamp] = {}
    closed: dict[Path, str] = {}
    for path, stamp in _walk(folder, closed) if folder == root else _beside(root):
        if path.name == TRACK:
            tracks[path] = stamp
        elif path.suffix == ".md" and path.name not in NOT_SECTIONS:
            sections[path] = stamp
    if root in closed:
        raise FolderError(f"The folder '{path_shown(root)}' cannot be read: {closed[root]}.")
    figures = _figures(folder / FIGURES)
    return replace(list_definitions(folder), sections=sections, tracks=tracks, figures=figures, closed=closed)


def _is_folder(root: Path) -> bool:
    try:
        mode = root.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise FolderError(f"There is no folder '{path_shown(root)}'.") from None
    except OSError as error:
        raise FolderError(f"The folder '{path_shown(root)}' cannot be used: {error.strerror}.") from error
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise FolderError(f"'{path_shown(root)}' is a pipe or a device, and neither a folder nor a file.")
    return stat.S_ISDIR(mode)


def list_definitions(folder: Path) -> Files:
    """List the glossary and the sources of a folder, and nothing else."""
    glossary, sources = folder / GLOSSARY, folder / SOURCES
    definitions = {path: stamp for path in (glossary, sources) if (stamp := _stamp(path))}
    return Files(glossary, sources, definitions)


def fingerprint(files: Sequence[Files]) -> str:
    """Return a digest that differs whenever any file was added, saved, renamed or removed."""
    digest = hashlib.blake2b(digest_size=16)
    for root in files:
        for path, stamp in root.stamps():
            digest.update(f"{path}\0{stamp.modified}\0{stamp.size}\0{stamp.inode}\n".encode(errors="replace"))
        for path, reason in root.closed.items():
            digest.update(f"{path}\0{reason}\n".encode(errors="replace"))
    return digest.hexdigest()


def _walk(folder: Path, closed: dict[Path, str]) -> Iterator[tuple[Path, Stamp]]:
    """List the markdown files below a folder, in the order of their paths, and note what is closed to us."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return  # removed since it was listed
    except OSError as error:
        closed[folder] = _reason(error)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in {FIGURES, "__pycache__"}:
                yield from _walk(Path(entry.path), closed)
        elif entry.name.endswith(".md") and (stamp := _stamp(Path(entry.path), closed)):
            yield Path(entry.path), stamp


def _beside(file: Path) -> Iterator[tuple[Path, Stamp]]:
    for path in (file, file.parent / TRACK):
        if stamp := _stamp(path):
            yield path, stamp


def _figures(folder: Path) -> dict[Path, Stamp]:
    try:
        pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in FIGURE_TYPES)
    except OSError:
        return {}
    return {path: stamp for path in pictures if not path.is_symlink() and (stamp := _stamp(path))}


def _stamp(path: Path, closed: dict[Path, str] | None = None) -> Stamp | None:
    """Return a file's stamp, or `None` if it is gone, is not a file, or is closed to us, which is noted."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        if closed is not None:
            closed[path] = _reason(error)
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
