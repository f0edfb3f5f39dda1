"""`python -m cards backup`: copy the database now, or list the copies there are.

python -m cards backup [--list] [--json]
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from cards import paths
from cards.command import Outcome
from cards.sizes import in_bytes
from cards.store import Store, copies_of, file_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

    from cards.store import Copy

HELP = "copy the database now, or list the copies that can be restored"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say whether to make one or to list them."""
    parser.add_argument("--list", action="store_true", help="make none, and list those there are")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
    """Make a backup, or list what can be restored, the newest first.

    Raises:
        StoreProblem: If the database cannot be opened or copied, or is on a server.
    """
    file = file_of(paths.database(environ))
    if options.list:
        return Outcome(_listed(copies_of(file), as_json=options.json))
    with closing(Store.open(file, now=now)) as store:
        made = store.back_up(now)
        copy = next(copy for copy in store.copies() if copy.path == made)
    return Outcome(_listed([copy], as_json=True) if options.json else f"copied to {_line(copy)}")


def _listed(found: list[Copy], *, as_json: bool) -> str:
    if as_json:
        return json.dumps([_as_json(copy) for copy in found], indent=2, ensure_ascii=False)
    return "\n".join(map(_line, found)) or "There are no backups yet."


def _line(copy: Copy) -> str:
    what = copy.trouble or f"{copy.cards} cards, {copy.answers} answers"
    why = f" ({copy.why})" if copy.why else ""
    return f"{copy.path}  {copy.made_at:%Y-%m-%d %H:%M} UTC{why}  {in_bytes(copy.size)}  {what}"


def _as_json(copy: Copy) -> dict[str, object]:
    return {
        "path": str(copy.path),
        "made_at": copy.made_at.isoformat(),
        "why": copy.why,
        "bytes": copy.size,
        "cards": copy.cards,
        "answers": copy.answers,
        "trouble": copy.trouble,
    }
