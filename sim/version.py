"""Which code makes a toy's numbers, as a short hash: what was computed by other code is known to be stale.

    code_version("belief_walk")  →  "3f9a0c71d2e4"

Two runs of a toy with the same settings, seed and device have the same result if they have the same version.
It is the hash of

- the toy's module and every module of `sim` that it imports, directly or not, found in the import statements
  of the files (`ast`), so that nothing is imported to know it;
- the versions of the libraries that compute: NumPy and torch.

What is hashed of a module is its code as Python reads it. Comments, docstrings, line breaks and blank lines
do not count: a corrected word makes no result stale. A part of toys, `sim/toys/_x.py`, counts for just those
toys that use it. `sim.spec` counts for all. What draws counts too, where the toy imports it: it cannot be
told from what computes.

The files are read as they are now; where none has changed since the last time, by its time and size, the
last answer holds. Left out: modules imported by a computed name, data files, and the version of Python.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from sim.spec import UnknownToyError

ROOT = Path(__file__).parents[1]
ROOM = "sim"
LIBRARIES = ("numpy", "torch")
LENGTH = 12  # hexadecimal digits: chance agreements need some ten million versions


class _Module(NamedTuple):
    """What there is to know of a file: the hash of its code, and what it may import, modules or members."""

    digest: str
    mentioned: frozenset[str]


class _Known(NamedTuple):
    """A version, and the stamps of the files that it was made of."""

    version: str
    stamps: dict[Path, tuple[int, int]]


_known: dict[tuple[tuple[str, ...], Path, tuple[str, ...]], _Known] = {}


def code_version(toy: str, root: Path = ROOT) -> str:
    """Return the version of the code behind a toy's numbers. Hyphens in the name are read as underscores.

    Args:
        toy: The toy's name.
        root: The folder that holds the package `sim`.

    Raises:
        UnknownToyError: If no file has that name.
    """
    name = f"{ROOM}.toys.{toy.replace('-', '_')}"
    if _file(name, root) is None:
        raise UnknownToyError(f"There is no simulation called '{toy}'.")
    return version_of([name], root)


def version_of(names: Iterable[str], root: Path = ROOT) -> str:
    """Return the version of some modules of `sim` together with all that they import."""
    wanted, libraries = tuple(sorted(names)), tuple(f"{name} {_installed(name)}" for name in LIBRARIES)
    known = _known.get((wanted, root, libraries))
    if known and known.stamps == _stamps(known.stamps):
        return known.version
    files = _reached(wanted, root)
    stamps = _stamps(files.values())
    parts = [f"{name} {_read(path, root).digest}" for name, path in sorted(files.items())]
    version = hashlib.sha256("\n".join([*parts, *libraries]).encode()).hexdigest()[:LENGTH]
    _known[wanted, root, libraries] = _Known(version, stamps)
    return version


def _reached(names: Iterable[str], root: Path) -> dict[str, Path]:
    """The files of these modules and of every module of `sim` that they lead to."""
    found: dict[str, Path] = {}
    ahead = [part for name in names for part in _with_packages(name)]
    while ahead:
        name = ahead.pop()
        path = _file(name, root)
        if path is None or name in found:
            continue
        found[name] = path
        ahead += [part for mentioned in _read(path, root).mentioned for part in _with_packages(mentioned)]
    return found


def _with_packages(name: str) -> Iterator[str]:
    """To import `sim.toys.x` is to run `sim` and `sim.toys` as well."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


def _file(name: str, root: Path) -> Path | None:
    """The file of a module or package of `sim`; `None` if the name is a member's, or another library's."""
    if name.partition(".")[0] != ROOM:
        return None
    stem = root.joinpath(*name.split("."))
    candidates = (stem.with_name(f"{stem.name}.py"), stem / "__init__.py")
    return next((path for path in candidates if path.is_file()), None)


def _stamps(paths: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    return {path: _stamp(path) for path in paths}


def _stamp(path: Path) -> tuple[int, int]:
    """By what a changed file is told from one that is as it was; a file that is gone has none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _read(path: Path, root: Path) -> _Module:
    return _parsed(path, path.parent.relative_to(root).parts, *_stamp(path))


@lru_cache(maxsize=512)
def _parsed(path: Path, package: tuple[str, ...], _modified: int, _size: int) -> _Module:
    tree = ast.parse(path.read_bytes(), str(path))
    mentioned = frozenset(name for node in ast.walk(tree) for name in _mentioned(node, package))
    _drop_docstrings(tree)
    return _Module(hashlib.sha256(ast.unparse(tree).encode()).hexdigest(), mentioned)


def _mentioned(node: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    """The names in an import statement, in full. Of `from a import b` both: b may be a module or a member."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        here = package[: len(package) - node.level + 1] if node.level else ()
        source = ".".join([*here, *([node.module] if node.module else [])])
        yield source
        yield from (f"{source}.{alias.name}" for alias in node.names)


def _drop_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]


@cache
def _installed(library: str) -> str:
    """The version of a library, by what its installation says of itself."""
    return metadata.version(library)
