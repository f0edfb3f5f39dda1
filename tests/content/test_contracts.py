"""What holds for every directive, role, card kind and toy that is found, without a list of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cards import kinds
from content.directive import Container, Single
from content.library import OWN
from content.problems import Code
from content.registry import HERE, directives, roles
from sim import spec
from tests.content.books import ReadSection

GUIDE = (OWN / "AUTHORING.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", directives())
def test_a_directive_is_of_one_of_the_two_sorts(name: str) -> None:
    assert isinstance(directives()[name], Container | Single)
    assert re.fullmatch(r"[a-z][a-z-]*", name)


@pytest.mark.parametrize("name", directives())
def test_a_directive_does_not_take_what_it_does_not_know(name: str, read_section: ReadSection) -> None:
    section = read_section(f"Before.\n\n:::{{{name}}}\n:no-such-option: 1\n:::\n\nAfter.")
    assert section.problems
    shown = str(section.blocks)
    assert "Before." in shown
    assert "After." in shown


@pytest.mark.parametrize("name", directives())
def test_a_directive_is_named_when_it_is_nearly_named(name: str, read_section: ReadSection) -> None:
    (problem,) = read_section(f":::{{{name}x}} an-id\nText\n:::").problems
    assert problem.code is Code.UNKNOWN_DIRECTIVE
    assert f"'{name}'" in problem.hint


@pytest.mark.parametrize("name", [name for name, found in directives().items() if isinstance(found, Single)])
def test_a_single_block_stands_at_the_top_level_only(name: str, read_section: ReadSection) -> None:
    section = read_section(f"::::{{aside}}\n:::{{{name}}} an-id\n:::\n::::\n\n> :::{{{name}}} an-id\n> :::")
    assert [problem.code for problem in section.problems] == [Code.MISPLACED_BLOCK] * 2


@pytest.mark.parametrize("name", roles())
def test_a_role_reports_what_it_cannot_find(name: str, read_section: ReadSection) -> None:
    section = read_section(f"Before {{{name}}}`no such thing` after.")
    assert len(section.problems) == 1
    assert '<mark class="unresolved"' in str(section.blocks)


@pytest.mark.parametrize("name", kinds.names())
def test_every_kind_of_card_brings_its_directive(name: str) -> None:
    assert kinds.get(name).directive in directives()


@pytest.mark.parametrize("name", directives())
def test_the_guide_shows_every_directive_and_its_options(name: str) -> None:
    assert f":::{{{name}}}" in GUIDE
    for option in directives()[name].options or ():
        assert f":{option}:" in GUIDE


@pytest.mark.parametrize("name", roles())
def test_the_guide_shows_every_role(name: str) -> None:
    assert f"{{{name}}}`" in GUIDE


@pytest.mark.parametrize("name", kinds.names())
def test_the_guide_names_every_kind_of_card(name: str) -> None:
    assert f"`{name}`" in GUIDE


@pytest.mark.parametrize("name", spec.names())
def test_the_guide_names_every_simulation(name: str) -> None:
    assert f"`{name}`" in GUIDE


@pytest.mark.parametrize("code", Code)
def test_the_guide_has_a_remedy_for_every_problem(code: Code) -> None:
    assert f"| `{code}`" in GUIDE


def test_docstrings_open_with_what_a_directive_or_a_role_is_and_show_it() -> None:
    for folder, mark in (("directives", ":::{{{}}}"), ("roles", "{{{}}}`")):
        for path in sorted((HERE / folder).glob("[!_]*.py")):
            docstring = path.read_text(encoding="utf-8").split('"""')[1]
            assert mark.format(path.stem) in docstring


def test_the_guides_examples_check_clean(read_section: ReadSection) -> None:
    """Every `markdown` block of the guide is read; blocks that show a mistake are fenced as `text`."""
    examples = re.findall(r"^````markdown\n(.*?)^````$", GUIDE, re.MULTILINE | re.DOTALL)
    assert len(examples) > 5
    for number, example in enumerate(examples):
        text = re.sub(r"\A---\n.*?\n---\n", "", example, flags=re.DOTALL)
        problems = [str(problem) for problem in read_section(text).problems]
        assert problems == [], f"example {number + 1}"


def test_only_one_file_knows_each_library() -> None:
    doors = {
        "markdown_it": "parse.py",
        "mdit_py_plugins": "parse.py",
        "nh3": "sanitise.py",
        "yaml": "front_matter.py",
    }
    for library, door in doors.items():
        users = {
            path.name
            for path in Path(HERE).rglob("*.py")
            if re.search(rf"^\s*(?:from|import) {library}\b", path.read_text(encoding="utf-8"), re.MULTILINE)
        }
        assert users == {door}
