"""A toy's version changes with whatever could change its numbers, and with nothing else."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from sim import version
from sim.spec import UnknownToyError, names
from sim.version import ROOT, code_version, version_of

FILES = {
    "sim/__init__.py": "",
    "sim/spec.py": "LIMIT = 3\n",
    "sim/unused.py": "LIMIT = 4\n",
    "sim/toys/__init__.py": "",
    "sim/toys/plain.py": "import numpy as np\nfrom sim.spec import LIMIT\n",
    "sim/toys/deep.py": "def run():\n    from sim.toys._middle import double\n    return double\n",
    "sim/toys/beside.py": "from sim.toys import _leaf as leaf, _numbers\n",
    "sim/toys/near.py": "from . import _leaf\nfrom ..spec import LIMIT\n",
    "sim/toys/_middle.py": "import sim.toys._leaf\ndouble = 2\n",
    "sim/toys/_leaf.py": "import sim.toys._middle\nleaf = 1\n",
    "sim/toys/_numbers/__init__.py": "ONE = 1\n",
}
COMMENTED = '''"""A toy."""

# Why.
def run():
    """Run."""
    return {
        "a": 1,  # one
    }


class Config:
    """Settings."""
'''
TOYS = ("plain", "deep", "beside", "near")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small package `sim`: four toys, and parts that import each other in a circle."""
    for name, text in FILES.items():
        write(tmp_path / name, text)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def versions(root: Path) -> dict[str, str]:
    return {toy: code_version(toy, root) for toy in TOYS}


@pytest.mark.parametrize(
    ("changed", "users"),
    [
        ("sim/toys/plain.py", {"plain"}),
        ("sim/toys/_leaf.py", {"deep", "beside", "near"}),
        ("sim/toys/_middle.py", {"deep", "beside", "near"}),  # the leaf imports it, too
        ("sim/toys/_numbers/__init__.py", {"beside"}),
        ("sim/spec.py", {"plain", "near"}),
        ("sim/toys/__init__.py", set(TOYS)),
        ("sim/__init__.py", set(TOYS)),
        ("sim/unused.py", set()),
    ],
)
def test_a_change_counts_for_just_the_toys_that_use_the_file(
    root: Path, changed: str, users: set[str]
) -> None:
    before = versions(root)
    write(root / changed, FILES[changed] + "more = 1\n")
    after = versions(root)
    assert {toy for toy in TOYS if before[toy] != after[toy]} == users
    write(root / changed, FILES[changed])
    assert versions(root) == before  # what is undone is as it was


def test_comments_docstrings_and_layout_do_not_count(root: Path) -> None:
    toy = root / "sim/toys/plain.py"
    write(toy, "def run():\n    return {'a': 1}\nclass Config:\n    pass\n")
    before = code_version("plain", root)
    write(toy, COMMENTED)
    assert code_version("plain", root) == before
    write(toy, "def run():\n    return {'a': 2}\nclass Config:\n    pass\n")
    assert code_version("plain", root) != before


def test_a_string_that_is_no_docstring_counts(root: Path) -> None:
    toy = root / "sim/toys/plain.py"
    write(toy, "NAME = 'first'\n")
    before = code_version("plain", root)
    write(toy, "NAME = 'other'\n")  # as long as before
    assert code_version("plain", root) != before


def test_a_part_that_is_added_to_the_folder_counts_once_it_is_imported(root: Path) -> None:
    before = code_version("beside", root)
    write(root / "sim/toys/_new.py", "NEW = 1\n")
    assert code_version("beside", root) == before
    write(root / "sim/toys/_leaf.py", "import sim.toys._middle\nleaf = 1\nfrom sim.toys._new import NEW\n")
    assert "sim.toys._new" in version._reached(["sim.toys.beside"], root)
    assert code_version("beside", root) != before


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_another_version_of_what_computes_is_another_version(
    root: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = versions(root)
    real = metadata.version
    monkeypatch.setattr(version, "_installed", lambda name: "9.9" if name == library else real(name))
    after = versions(root)
    assert all(before[toy] != after[toy] for toy in TOYS)


def test_two_toys_with_the_same_code_have_versions_of_their_own(root: Path) -> None:
    write(root / "sim/toys/twin.py", FILES["sim/toys/plain.py"])
    assert code_version("twin", root) != code_version("plain", root)


def test_an_unknown_toy_is_named(root: Path) -> None:
    with pytest.raises(UnknownToyError, match=r"^There is no simulation called 'no-such-toy'\.$"):
        code_version("no-such-toy", root)


def test_the_version_does_not_depend_on_the_folder_or_on_the_order_of_names(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name, text in FILES.items():
        write(elsewhere / name, text)
    assert versions(elsewhere) == versions(root)
    assert version_of(["sim.spec", "sim.unused"], root) == version_of(["sim.unused", "sim.spec"], root)


@pytest.mark.parametrize("toy", names())
def test_the_modules_of_a_toy_are_those_that_python_loads_for_it(toy: str) -> None:
    """An outside oracle: what a new interpreter has loaded once the toy has drawn something."""
    script = (
        f"import sys, sim.toys.{toy} as toy; toy.readout(shown := toy.preview(toy.Config(), seed=0));"
        "toy.figure(shown); print(*[name for name in sys.modules if name.partition('.')[0] == 'sim'])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert set(told.split()) <= set(
        version._reached([f"sim.toys.{toy}"], ROOT)
    )  # more may be imported for its types alone
    assert code_version(toy) == code_version(toy.replace("_", "-"))


def test_no_torch_is_imported_to_know_a_version() -> None:
    script = (
        "import sys; from sim.version import code_version; code_version('toy_superposition');"
        "assert not {'torch', 'sim.toys.toy_superposition'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
