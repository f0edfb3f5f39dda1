"""Where a learner's data lies.

| what | where |
|---|---|
| everything | the system's folder for a user's data, or `MARTINGALE_HOME` |
| the database | `martingale.db` in it, or what `MARTINGALE_DATABASE_URL` names |
| backups | `backups` beside the database |
| runs of simulations | `runs` in it |
| caches | the system's folder for caches, or `cache` in `MARTINGALE_HOME` |

Nothing here creates a folder. The environment is an argument; only the system's own folders are asked of
platformdirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import platformdirs

APP = "martingale"
HOME = "MARTINGALE_HOME"
DATABASE_URL = "MARTINGALE_DATABASE_URL"


def home(environ: Mapping[str, str]) -> Path:
    """Return the folder that holds everything a learner has."""
    if moved := environ.get(HOME, ""):
        return Path(moved).expanduser().absolute()
    return platformdirs.user_data_path(APP, appauthor=False)


def database(environ: Mapping[str, str]) -> str | Path:
    """Return the database to open: a file's path, or the URL that the environment names."""
    return environ.get(DATABASE_URL, "") or home(environ) / f"{APP}.db"


def runs(environ: Mapping[str, str]) -> Path:
    """Return the folder for what finished runs of simulations have shown."""
    return home(environ) / "runs"


def caches(environ: Mapping[str, str]) -> Path:
    """Return the folder for what can be computed again."""
    if environ.get(HOME, ""):
        return home(environ) / "cache"
    return platformdirs.user_cache_path(APP, appauthor=False)
