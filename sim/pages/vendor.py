"""Fetch the vendored front-end files again: `make vendor`.

Each package is fetched by name and version with npm, the listed files are copied, and their checksums are
compared with `vendor.json`. A file that differs stops the whole thing before anything is replaced;
`--update` records the new checksums instead, after a version was raised on purpose.

Nothing here runs when the app does: the files are part of the repository.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MANIFEST = Path(__file__).parent / "assets" / "vendor" / "vendor.json"


@dataclass(frozen=True)
class Package:
    """One npm package: its version, its licence, and which of its files go where."""

    name: str
    version: str
    licence: str
    folder: str
    files: dict[str, str]


def packages() -> list[Package]:
    """Read the manifest."""
    return [Package(**entry) for entry in json.loads(MANIFEST.read_text("utf-8"))["packages"]]


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def target(package: Package, name: str) -> Path:
    """Where a package's file lies in the repository (its folders are flattened one level)."""
    return ROOT / package.folder / Path(name).relative_to(Path(name).parts[0])


def fetch(package: Package, into: Path) -> Path:
    """Download one package and unpack it; returns the folder with its files.

    Raises:
        subprocess.CalledProcessError: If npm cannot fetch it.
    """
    wanted = f"{package.name}@{package.version}"
    command = ["npm", "pack", "--silent", "--pack-destination", str(into), wanted]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
    archive = into / done.stdout.strip().splitlines()[-1]
    with tarfile.open(archive) as tar:
        tar.extractall(archive.with_suffix(""), filter="data")
    return archive.with_suffix("")


def differences(package: Package, unpacked: Path) -> list[str]:
    """Name the fetched files whose checksum is not the recorded one."""
    return [name for name, known in package.files.items() if checksum(unpacked / name) != known]


def main(arguments: list[str]) -> int:
    """Fetch, compare, copy. Exit 1, with nothing replaced, if a checksum differs."""
    parser = argparse.ArgumentParser(prog="make vendor", description=__doc__)
    parser.add_argument("--update", action="store_true", help="record new checksums after raising a version")
    update = parser.parse_args(arguments).update
    with tempfile.TemporaryDirectory() as scratch:
        fetched = [(package, fetch(package, Path(scratch))) for package in packages()]
        wrong = [f"{p.name}: {name}" for p, folder in fetched for name in differences(p, folder)]
        if wrong and not update:
            print("Checksums differ, nothing was replaced:", *wrong, sep="\n  ", file=sys.stderr)
            return 1
        for package, folder in fetched:
            for name in package.files:
                target(package, name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, target(package, name))
                package.files[name] = checksum(folder / name)
    if update:
        record([package for package, _ in fetched])
    return 0


def record(found: list[Package]) -> None:
    """Write the manifest anew, aside and then by rename."""
    aside = MANIFEST.with_suffix(".new")
    aside.write_text(json.dumps({"packages": [vars(package) for package in found]}, indent=2) + "\n", "utf-8")
    aside.replace(MANIFEST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
