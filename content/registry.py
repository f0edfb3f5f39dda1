"""Where directives and roles are found: the folders are the registry.

A directive is a module `content/directives/<name>.py` with a member `DIRECTIVE`, a role is a module
`content/roles/<name>.py` with a member `ROLE`; nothing else registers them. A card kind brings a directive by
the name that the kind gives it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cards import kinds
from content.card_directive import CardDirective
from content.directive import Directive
from content.role import Role

HERE = Path(__file__).parent


@cache
def directives() -> Mapping[str, Directive]:
    """Return every directive by its name, the card kinds' included."""
    own = {
        name: importlib.import_module(f"content.directives.{name}").DIRECTIVE for name in _files("directives")
    }
    cards = {name: CardDirective(kind) for name, kind in kinds.by_directive().items()}
    return MappingProxyType(own | cards)


@cache
def roles() -> Mapping[str, Role]:
    """Return every role by its name."""
    return MappingProxyType({name: _module("roles", name).ROLE for name in _files("roles")})


def _files(folder: str) -> Iterator[str]:
    return (path.stem for path in sorted((HERE / folder).glob("*.py")) if not path.stem.startswith("_"))


def _module(folder: str, name: str) -> Any:  # noqa: ANN401 - a module found by its name; its one member is what counts
    return importlib.import_module(f"content.{folder}.{name}")
