"""House rules that no linter checks: what the entry imports, what loads late, what the repository holds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sim.pages.vendor import checksum, packages, target

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {
    "pyproject.toml", "README.md", "app.py", "content", "cards", "sim", "tests",
    "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "constraints.txt",
}  # fmt: skip


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of tracked files")
    return listed.stdout.split()


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_top_level_holds_what_convention_puts_there() -> None:
    names = {name.split("/")[0] for name in tracked()}
    assert {name for name in names if not name.startswith(".")} == TOP_LEVEL


def test_the_entry_composes_and_imports_no_heavy_library() -> None:
    assert not {"torch", "fsrs", "genanki", "sqlmodel", "markdown_it"} & imports(ROOT / "app.py")
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) < 80


def test_the_server_starts_without_torch() -> None:
    assert "torch" not in loaded_by("import app")


@pytest.mark.parametrize(
    "module", ["content.library", "cards.desk", "cards.store", "cards.schedule", "cards.anki.package"]
)
def test_the_book_and_the_memory_work_headless(module: str) -> None:
    assert not {"torch", "streamlit"} & loaded_by(f"import {module}")


def test_a_toy_is_imported_without_torch() -> None:
    code = "from sim.spec import get, names\nfor name in names():\n    get(name)"
    assert "torch" not in loaded_by(code)


def too_early(source: str) -> list[int]:
    """The lines that make float64 of what is fetched from its device only after that."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "cpu":
            made = [part for part in ast.walk(node.func.value) if isinstance(part, ast.Call)]
            written = [ast.unparse(call) for call in made]
            if any(re.search(r"\.double\(\)$|\.to\(.*(float64|double)\b.*\)$", call) for call in written):
                lines.append(node.lineno)
    return lines


def test_numbers_leave_their_device_before_they_become_float64() -> None:
    """Apple's GPUs know no float64: `.cpu().double()` runs everywhere, `.double().cpu()` does not."""
    assert too_early("x.double().cpu()\nx.mean(0).to(torch.float64)[0].detach().cpu()") == [1, 2]
    assert too_early("x.cpu().double()\nx.double()\nx.to(device).cpu()\nx.cpu().to(torch.float64)") == []
    found = {path.name: too_early(path.read_text("utf-8")) for path in (ROOT / "sim").rglob("*.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_vendored_files_are_the_recorded_ones() -> None:
    wrong = [
        str(target(package, name).relative_to(ROOT))
        for package in packages()
        for name, known in package.files.items()
        if checksum(target(package, name)) != known
    ]
    assert wrong == []


def test_every_vendored_package_carries_its_licence() -> None:
    assert [
        package.name for package in packages() if not any("LICENSE" in name for name in package.files)
    ] == []


def test_the_repository_names_no_registry() -> None:
    hosts = re.compile(rb"registry\.npmjs|files\.pythonhosted|pypi\.org/simple|deb\.debian\.org")
    kept = [name for name in tracked() if "/vendor/" not in name and name != "tests/test_house.py"]
    assert [name for name in kept if hosts.search((ROOT / name).read_bytes())] == []


def test_constraints_hold_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").split("\n")
    assert [
        line for line in lines if line and not re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line)
    ] == []


def test_every_dependency_has_a_range_and_a_pin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pins = {line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text("utf-8").split()}
    named = {re.split(r"[\[<>=]", wanted)[0].lower() for wanted in project["dependencies"]}
    assert named <= pins
    assert [wanted for wanted in project["dependencies"] if ">=" not in wanted or "<" not in wanted] == [
        "tzdata>=2025.1"
    ]
