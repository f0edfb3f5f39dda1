"""Where a learner's data lies.

| what | where |
|---|---|
| everything | the system's folder for a user's data, or `MARTINGALE_HOME` |
| the database | `martingale.db` in it, or what `MARTINGALE_DATABASE_URL` names |
| backups | `backups` beside the database |
| runs of simulations | `runs` in it |

Nothing here creates a folder. The environment is an argument; only the system's own folder is asked of
platformdirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import platformdirs

from cards.store import problems

APP = "martingale"
HOME = "MARTINGALE_HOME"
DATABASE_URL = "MARTINGALE_DATABASE_URL"


def home(environ: Mapping[str, str]) -> Path:
    """Return the folder that holds everything a learner has.

    Raises:
        StoreProblem: It is in the home of somebody who is not known here.
    """
    if moved := environ.get(HOME, ""):
        try:
            return Path(moved).expanduser().absolute()
        except RuntimeError as error:
            raise problems.bad_home(moved) from error
    return platformdirs.user_data_path(APP, appauthor=False)


def database(environ: Mapping[str, str]) -> str | Path:
    """Return the database to open: a file's path, or the URL that the environment names.

    Raises:
        StoreProblem: As `home` raises it.
    """
    return environ.get(DATABASE_URL, "") or home(environ) / f"{APP}.db"


def runs(environ: Mapping[str, str]) -> Path:
    """Return the folder for what finished runs of simulations have shown.

    Raises:
        StoreProblem: As `home` raises it.
    """
    return home(environ) / "runs"
