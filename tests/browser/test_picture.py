"""README's picture can be taken again, and README shows it."""

from __future__ import annotations

import struct
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.harness import ROOT, Server
from tests.browser.picture import PICTURE, SIZE, take

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def size(path: Path) -> tuple[int, int]:
    """Width and height, from the header of a PNG."""
    head = path.read_bytes()[:24]
    assert head[:8] == SIGNATURE
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_the_picture_can_be_taken_again(browser: Browser, server: Server, tmp_path: Path) -> None:
    again = tmp_path / "picture.png"
    take(browser, server, again)
    assert size(again) == size(PICTURE) == (SIZE["width"], SIZE["height"])


def test_readme_shows_it() -> None:
    assert f"({PICTURE.relative_to(ROOT)})" in (ROOT / "README.md").read_text("utf-8")
