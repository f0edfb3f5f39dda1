"""Where data lies: one variable moves all of it, another names another database."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from cards import paths
from cards.store import StoreProblem


def test_by_default_in_the_systems_own_folders() -> None:
    assert paths.home({}) == platformdirs.user_data_path("martingale", appauthor=False)
    assert paths.database({}) == paths.home({}) / "martingale.db"


def test_home_moves_everything() -> None:
    environ = {"MARTINGALE_HOME": "/srv/learner"}
    home = Path("/srv/learner")
    assert paths.home(environ) == home
    assert paths.database(environ) == home / "martingale.db"
    assert paths.runs(environ) == home / "runs"


def test_home_may_be_relative_or_in_the_users_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert paths.home({"MARTINGALE_HOME": "here"}) == tmp_path / "here"
    assert paths.home({"MARTINGALE_HOME": "~/here"}) == tmp_path / "here"


def test_a_home_in_that_of_somebody_who_is_not_there_is_said() -> None:
    for find in (paths.home, paths.database, paths.runs):
        with pytest.raises(StoreProblem, match=r"~nobody-has-this-name/x\. Write it out in full"):
            find({"MARTINGALE_HOME": "~nobody-has-this-name/x"})


def test_a_database_by_url() -> None:
    url = "postgresql+psycopg://localhost/cohort"
    assert paths.database({"MARTINGALE_DATABASE_URL": url, "MARTINGALE_HOME": "/srv/learner"}) == url


def test_empty_variables_are_as_good_as_none() -> None:
    assert paths.database({"MARTINGALE_HOME": "", "MARTINGALE_DATABASE_URL": ""}) == paths.database({})
