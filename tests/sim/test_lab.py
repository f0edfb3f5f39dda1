"""The lab shows whatever toys there are, each with all that it has, and a broken one as a sentence."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import sim.toys
from sim import spec
from sim.__main__ import main
from sim.pages import lab
from sim.pages.specimen import Use, address, specimen, used
from sim.spec import BrokenToyError, get, names

PAGE = Path(__file__).parent / "lab_page.py"
SOUND = '"""A belief walks again.\n\nIt walks. It is certain.\n"""\nfrom sim.toys.belief_walk import *\n'
BROKEN = {"unfinished": "def run(", "astray": "import nowhere_at_all", "empty_handed": "1 / 0"}
UNDRAWABLE = SOUND + "\n\ndef figure(frame):\n    raise ValueError('no <b>ink</b>')\n"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of toys: one that works, three that cannot be imported, one that cannot draw itself."""
    files = {**BROKEN, "sound": SOUND, "undrawable": UNDRAWABLE}
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
    monkeypatch.setattr(spec, "TOYS", tmp_path)
    monkeypatch.setattr(sim.toys, "__path__", [*sim.toys.__path__, str(tmp_path)])
    get.cache_clear()
    yield tmp_path
    get.cache_clear()
    for name in files:
        sys.modules.pop(f"sim.toys.{name}", None)


class Paper:
    """Keeps what is shown."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}

    def __call__(self, html: str, *, key: str) -> None:
        """Keep it."""
        self.said[key] = html

    @property
    def html(self) -> str:
        """All of it."""
        return "".join(self.said.values())


def shown(**options: Any) -> str:  # noqa: ANN401 - what `index` takes
    """The lab's HTML."""
    paper = Paper()
    lab.index(options.pop("uses", {}), paper, **options)
    return paper.html


def test_every_toy_is_there_with_a_drawing_and_a_way_to_it() -> None:
    html = shown(uses={"belief_walk": [Use("How often?", "Beliefs", ["/how-often#belief_walk-1"])]})
    assert re.findall(r'<h2><a href="([^"]+)">', html) == [address(name) for name in names()]
    assert html.count("<svg") == len(names())
    assert html.count("In 1 section<") == 1
    assert html.count("No section uses it yet") == len(names()) - 1
    for name in names():
        assert get(name).title in html


def test_addresses_have_hyphens_and_no_slashes() -> None:
    assert address("belief_walk") == "/lab-belief-walk"
    assert len({address(name) for name in names()}) == len(names())
    assert all(re.fullmatch(r"/lab-[a-z0-9-]+", address(name)) for name in names())


@pytest.mark.usefixtures("shelf")
def test_a_broken_toy_is_one_sentence_and_the_others_are_shown() -> None:
    html = shown()
    assert html.count('class="specimen broken"') == 4
    assert html.count("<svg") == 1
    assert 'href="/lab-sound"' in html
    for name in BROKEN:
        assert f"The simulation '{name}' cannot be loaded" in html.replace("&#x27;", "'")
    assert "ZeroDivisionError: division by zero" in html
    assert "undrawable cannot be drawn (ValueError: no &lt;b&gt;ink&lt;/b&gt;)." in html


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_toy_is_one_sentence_wherever_it_is_named(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BrokenToyError, match=rf"'{name}' cannot be loaded .+ Mend sim/toys/{name}\.py\.$"):
        get(name)
    assert main(["run", name]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert lab.title(name) == name
    paper = Paper()
    lab.page(name, [], paper)
    assert "cannot be loaded" in paper.html
    assert 'href="/lab"' in paper.html


def test_no_toys_at_all_is_a_sentence_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spec, "TOYS", tmp_path)
    assert lab.NONE in shown()


def test_what_is_not_there_is_named_and_stays_text() -> None:
    html = shown(missing="<img src=x onerror=alert(1)>" + "x" * 500)
    assert "There is no simulation called ‘&lt;img src=x" in html
    assert "<img" not in html
    assert "x" * 100 not in html
    assert html.count("<svg") == len(names()), "and the others are there"


def test_the_sections_that_use_a_toy_lead_to_each_place() -> None:
    uses = [Use("A & B?", "Beliefs", ["/a#w-1", "/a#w-2", "/a#w-3"]), Use("C?", "Other", ["/c#w-1"])]
    html = used(uses)
    assert re.findall(r'href="([^"]+)"', html) == ["/a#w-1", "/a#w-1", "/a#w-2", "/a#w-3", "/c#w-1"]
    assert "A &amp; B?" in html
    assert "No section uses it yet." in used([])


def test_a_specimen_is_drawn_once() -> None:
    assert specimen("belief_walk", []) == specimen("belief_walk", [])


@pytest.mark.parametrize("name", names())
def test_the_table_has_every_fact_and_every_result(name: str) -> None:
    toy = get(name)
    given = lab.compared(toy)
    assert [fact["name"] for fact in given["facts"]] == list(toy.module.FACTS)
    measured = [fact["measured"] for fact in given["facts"] if fact["measured"]]
    others = [other["name"] for other in given["others"]]
    assert sorted([*measured, *others]) == sorted(toy.module.RESULTS)
    for fact in given["facts"]:
        if fact["measured"]:
            assert toy.module.RESULTS[fact["measured"]].fact == fact["name"]
            assert toy.module.RESULTS[fact["measured"]].error == fact["error"]
    assert given["defaults"] == toy.module.Config().model_dump()
    json.dumps(given, allow_nan=False)


def test_a_toys_page_has_all_its_settings_its_explanation_and_its_places() -> None:
    app = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not app.exception
    panel, table = (json.loads(part.proto.json) for part in app.get("bidi_component"))
    assert [control["name"] for control in panel["controls"]] == list(
        get("belief_walk").module.Config.model_fields
    )
    assert (panel["predict"], panel["lab"]) == (None, "")
    assert table["id"] == panel["id"] == "belief_walk"
    html = "".join(part.proto.body for part in app.get("html"))
    for part in ("A belief walks until it is certain", "E[T] = k (n − k)", "W. Feller (1968)", "How often?"):
        assert part in html


def test_a_link_brings_its_settings_to_a_toys_page() -> None:
    app = AppTest.from_file(PAGE, default_timeout=60)
    app.query_params["belief_walk.start"] = "0.2"
    app.query_params["belief_walk.seed"] = "7"
    panel = json.loads(app.run().get("bidi_component")[0].proto.json)
    shown_first = json.loads(panel["preview"])
    assert (shown_first["settings"]["start"], shown_first["seed"], panel["notice"]) == (0.2, 7, "")
    app.query_params["belief_walk.start"] = "7"
    panel = json.loads(app.run().get("bidi_component")[0].proto.json)
    assert "start is 7, above the greatest allowed, 0.99." in panel["notice"]
