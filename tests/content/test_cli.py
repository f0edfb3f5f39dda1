"""`python -m content`: its output, its exit codes, and what it writes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from content.__main__ import main
from content.library import OWN, Book, Library
from sim import spec
from tests.content.books import GLOSSARY, HEAD, MakeLibrary

CARD = "\n:::{{card}}{}\n{}\n---\nA\n:::\n"
CLOZE = ":::{cloze} hole\n{{x}}\n:::\n"
SIM = ":::{sim} belief_walk\n:::\n"

Capture = pytest.CaptureFixture[str]


def run(*arguments: str, content: Path | None = None) -> int:
    return main(arguments, {"MARTINGALE_CONTENT": str(content)} if content else {})


@pytest.fixture
def book(make_library: MakeLibrary, tmp_path: Path) -> Path:
    make_library(
        {
            "alpha/one.md": HEAD
            + ":::{sim} belief_walk\n:::\n"
            + CARD.format(" first", "Q")
            + ":::{cloze} hole\n{{x}}\n:::\n",
            "beta/two.md": HEAD.replace("alpha", "beta") + "See {ref}`one`.\n" + CARD.format(" second", "Q"),
            "glossary.md": GLOSSARY,
        }
    )
    return tmp_path / "book"


def test_a_clean_book(book: Path, capsys: Capture) -> None:
    assert run("check", content=book) == 0
    assert capsys.readouterr().out == "2 sections, 3 cards (1 cloze, 2 recall), 1 simulation: no problems\n"


def test_problems_are_printed_one_a_line_from_where_one_stands(
    book: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (book / "beta" / "two.md").write_text(HEAD + "{ref}`onne`\n\n{term}`x`\n")
    monkeypatch.chdir(book)
    assert run("check", content=book) == 1
    assert capsys.readouterr().out.splitlines() == [
        "beta/two.md:7:7: unknown-reference: The book has no section 'onne'. (did you mean 'one'?)",
        "beta/two.md:9:8: unknown-term: The glossary has no term 'x'. (add it to glossary.md)",
        "2 sections, 2 cards (1 cloze, 1 recall), 1 simulation: 2 problems",
    ]


def test_a_path_inside_the_book_is_read_with_all_of_it(book: Path, capsys: Capture) -> None:
    (book / "alpha" / "one.md").write_text(HEAD + "{term}`x`\n")
    assert run("check", str(book / "beta"), content=book) == 0
    assert capsys.readouterr().out == "1 section, 1 card (1 recall), 0 simulations: no problems\n"
    assert run("check", str(book / "alpha" / "one.md"), content=book) == 1
    assert run("check", str(book / "alpha"), str(book / "beta"), content=book) == 1
    assert (
        capsys.readouterr().out.splitlines()[-1] == "2 sections, 1 card (1 recall), 0 simulations: 1 problem"
    )


def test_a_path_outside_is_a_book_of_its_own(book: Path, capsys: Capture) -> None:
    (book / "glossary.md").unlink()
    (book / "beta" / "two.md").write_text(
        HEAD + "{term}`martingale` {ref}`one`\n" + CARD.format(" second", "Q")
    )
    assert run("check", str(book)) == 0
    assert run("check", str(book / "alpha" / "one.md")) == 0
    assert run("check", str(book / "beta" / "two.md")) == 1
    assert "unknown-reference" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name",
    [
        "nowhere",
        "empty",
        "notes.txt",
        "nowhere.md",
        "pipe.md",
        "notes.txt/a",
        "README.md",
        "book/AUTHORING.md",
    ],
)
def test_a_path_without_a_section_is_bad_usage(name: str, book: Path, capsys: Capture) -> None:
    os.mkfifo(book.parent / "pipe.md")
    (book.parent / "empty").mkdir()
    for ignored in ("notes.txt", "README.md", "book/AUTHORING.md"):
        (book.parent / ignored).write_text("x")
    assert run("check", str(book.parent / name)) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert name in output.err


def test_a_folder_that_is_not_there_is_bad_usage(tmp_path: Path, capsys: Capture) -> None:
    for command in (["check"], ["list"], ["new", "x", "--track", "t"]):
        assert run(*command, content=tmp_path / "nowhere") == 2
        assert "MARTINGALE_CONTENT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pipe", "is a pipe or a device"),
        ("circle", "cannot be used: Too many levels of symbolic links"),
        ("x" * 300, "cannot be used: File name too long"),
        ("file/folder", "There is no folder"),
    ],
)
def test_what_is_neither_a_folder_nor_a_file_is_no_book(
    tmp_path: Path, capsys: Capture, name: str, said: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "file").write_text("x")
    for command in (["check"], ["list"], ["new", "x", "--track", "t"]):
        assert run(*command, content=tmp_path / name) == 2
        output = capsys.readouterr()
        assert (output.out, output.err.count("\n")) == ("", 1)
        assert said in output.err
        assert "MARTINGALE_CONTENT" in output.err


def test_the_home_of_somebody_who_is_not_there_is_no_book(capsys: Capture) -> None:
    assert run("list", content=Path("~nobody-has-this-name/book")) == 2
    assert "~nobody-has-this-name/book'. MARTINGALE_CONTENT names it." in capsys.readouterr().err


def test_json(book: Path, capsys: Capture) -> None:
    (book / "beta" / "two.md").write_text(HEAD + "{term}`x`\n")
    assert run("check", "--json", content=book) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["sections"], report["cards"], report["simulations"]) == (2, {"cloze": 1, "recall": 1}, 1)
    (problem,) = report["problems"]
    assert (problem["line"], problem["column"], problem["code"]) == (7, 8, "unknown-term")


def test_list(book: Path, capsys: Capture) -> None:
    assert run("list", content=book) == 0
    assert capsys.readouterr().out.splitlines() == [
        "alpha/one: A title (2 cards)",
        "beta/two: A title (1 card)",
    ]
    assert run("list", "--json", content=book) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "slug": "one",
            "title": "A title",
            "track": "alpha",
            "cards": [{"id": "first", "kind": "recall"}, {"id": "hole", "kind": "cloze"}],
        },
        {"slug": "two", "title": "A title", "track": "beta", "cards": [{"id": "second", "kind": "recall"}]},
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_fix_writes_missing_ids_and_nothing_else(ending: str, mark: bytes, tmp_path: Path) -> None:
    text = (
        HEAD
        + CARD.format("", "Why does halving the size of your updates quadruple their number?")
        + CARD.format("  ", ":reverse: true\n## $x$\n\nWhy?")
        + CARD.format("", "Why does halving the size of updates, \u2028 quadruple it?")
        + "\n:::{cloze}\n{{…}}\n:::\n```\n:::{card}\n```\nNo line at the end"
    )
    path = tmp_path / "a-section.md"
    path.write_bytes(mark + text.replace("\n", ending).encode())
    path.chmod(0o640)
    assert run("check", "--fix", str(path)) == 0
    fixed = path.read_bytes().removeprefix(mark).decode()
    changed = [
        (old, new) for old, new in zip(text.split("\n"), fixed.split(ending), strict=True) if old != new
    ]
    assert changed == [
        (":::{card}", ":::{card} halving-size-updates-quadruple-their"),
        (":::{card}  ", ":::{card} x"),
        (":::{card}", ":::{card} halving-size-updates-quadruple"),
        (":::{cloze}", ":::{cloze} a-section"),
    ]
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]
    before = path.stat().st_mtime_ns
    assert run("check", "--fix", str(path)) == 0
    assert path.stat().st_mtime_ns == before


def test_fix_writes_what_a_link_leads_to(tmp_path: Path) -> None:
    there, link = tmp_path / "far" / "there.md", tmp_path / "book" / "one.md"
    for path in (there, link):
        path.parent.mkdir()
    there.write_text(HEAD + CARD.format("", "Which one?"))
    link.symlink_to(there)
    run("check", "--fix", content=link.parent)
    assert link.is_symlink()
    assert ":::{card} one" in there.read_text().replace("which-one", "one")


def test_fix_takes_no_id_that_is_taken(book: Path) -> None:
    path = book / "beta" / "two.md"
    path.write_text(HEAD + CARD.format("", "First") + CARD.format("", "First"))
    assert run("check", "--fix", content=book) == 0
    assert ":::{card} first-2\n" in path.read_text()
    assert ":::{card} first-3\n" in path.read_text()


def test_a_fix_that_cannot_be_written_leaves_the_file(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    path = book / "beta" / "two.md"
    path.write_text(HEAD + CARD.format("", "First"))
    text = path.read_text()

    def full(_: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", full)
    assert run("check", "--fix", content=book) == 2
    assert capsys.readouterr().err == f"'{path}' cannot be used: No space left on device.\n"
    assert path.read_text() == text
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["two.md"]


def test_new_writes_a_section_that_checks_clean(book: Path, capsys: Capture) -> None:
    assert (
        run("new", "how-it-ends", "--track", "alpha", "--title", "How: 'does' it \"end\"? #1", content=book)
        == 0
    )
    path = book / "alpha" / "how-it-ends.md"
    assert capsys.readouterr().out == f"{path}\n"
    assert run("check", str(path), content=book) == 0
    assert capsys.readouterr().out == "1 section, 2 cards (1 cloze, 1 recall), 1 simulation: no problems\n"
    run("list", "--json", content=book)
    rows = json.loads(capsys.readouterr().out)
    assert [row["slug"] for row in rows] == ["one", "how-it-ends", "two"]
    assert rows[1]["title"] == "How: 'does' it \"end\"? #1"
    assert [card["id"] for card in rows[1]["cards"]] == ["how-it-ends-question", "how-it-ends-sentence"]


def test_new_begins_a_track_and_a_folder_of_its_own(tmp_path: Path, capsys: Capture) -> None:
    assert run("new", "a-slug-of-mine", "--track", "mine", "--folder", str(tmp_path / "drafts")) == 0
    path = tmp_path / "drafts" / "mine" / "a-slug-of-mine.md"
    assert capsys.readouterr().out == f"{path}\n"
    assert run("check", str(path)) == 0


def test_new_shows_the_tracks_usual_simulation_or_the_one_asked_for(book: Path, capsys: Capture) -> None:
    two = book / "beta" / "two.md"
    two.write_text(two.read_text() + SIM.replace("belief_walk", "variance_budget") * 2)
    for arguments, toy in (
        (["three", "--track=alpha"], "belief_walk"),
        (["four", "--track=beta"], "variance_budget"),
        (["five", "--track=beta", "--sim=hazard-belief"], "hazard_belief"),
    ):
        assert run("new", *arguments, content=book) == 0
        path = Path(capsys.readouterr().out.strip())
        assert f":::{{sim}} {toy}\n" in path.read_text()
        assert run("check", str(path), content=book) == 0
        capsys.readouterr()
    assert run("new", "six", "--track=beta", "--sim=belif_walk", content=book) == 2
    assert capsys.readouterr().err == "There is no simulation 'belif_walk' (did you mean 'belief_walk'?).\n"
    assert not (book / "beta" / "six.md").exists()


def test_a_track_that_nobody_began_is_refused_and_reported_with_those_there_are(
    book: Path, capsys: Capture
) -> None:
    hint = (
        "did you mean 'beta'? there are alpha, beta; "
        "to begin another, put a file _track.md into a folder 'betta'"
    )
    assert run("new", "three", "--track=betta", content=book) == 2
    assert capsys.readouterr().err == f"There is no track 'betta' in {book} ({hint}).\n"
    assert not (book / "betta").exists()

    (book / "beta" / "two.md").write_text(HEAD.replace("alpha", "betta"))
    (book / "beta" / "three.md").write_text(HEAD.replace("alpha", "beta"))
    assert run("check", content=book) == 1
    (said, _) = capsys.readouterr().out.splitlines()
    assert said.endswith(f"two.md:3:8: unknown-track: The book has no track 'betta'. ({hint})")

    (book / "betta").mkdir()
    (book / "betta" / "_track.md").write_text("---\ntitle: Betting\n---\n")
    assert run("check", content=book) == 0
    assert run("new", "four", "--track=betta", content=book) == 0


def test_new_writes_all_that_the_guide_says(book: Path, capsys: Capture) -> None:
    pieces = {
        "a simulation": r"^:::\{sim\} ",
        "with a number that it computes": r"\{value\}`\w+:\w+`",
        "a heading": r"^## ",
        "maths": r"\$.+\$",
        "a caveat": r"^:::\{caveat\}",
        "a card": r"^:::\{card\}",
        "and a cloze": r"^:::\{cloze\}",
    }
    guide = " ".join((OWN / "AUTHORING.md").read_text("utf-8").split())
    told = re.search(r"what most sections are made of, to be written over: ([^.]*)\.", guide)
    assert told
    assert re.sub(r" (with|and) ", r", \1 ", told[1]).split(", ") == list(pieces)
    assert run("new", "three", "--track=alpha", content=book) == 0
    text = Path(capsys.readouterr().out.strip()).read_text("utf-8")
    for piece, written in pieces.items():
        assert re.search(written, text, re.MULTILINE), piece


def test_a_folder_of_drafts_has_tracks_of_its_own(tmp_path: Path, capsys: Capture) -> None:
    drafts = f"--folder={tmp_path / 'drafts'}"
    assert run("new", "one-of-mine", "--track=mine", drafts) == 0
    assert run("new", "two-of-mine", "--track=mien", drafts) == 2
    assert "did you mean 'mine'? there is only 'mine'; to begin" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("slug", "track"),
    [
        ("one", "alpha"),
        ("One", "alpha"),
        ("../one", "alpha"),
        ("a/b", "alpha"),
        ("", "alpha"),
        ("-x", "alpha"),
        ("review", "alpha"),
        ("tuning", "alpha"),
        ("lab-three", "alpha"),
        ("three", "../../etc"),
        ("x" * 101, "alpha"),
        ("three", "x" * 101),
        ("X" * 5000, "alpha"),
        ("three", ""),
    ],
)
def test_new_refuses_what_cannot_be_an_address(slug: str, track: str, book: Path, capsys: Capture) -> None:
    before = sorted(book.rglob("*"))
    assert run("new", f"--track={track}", "--", slug, content=book) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert len(said) < 200 + len(str(book))
    assert sorted(book.rglob("*")) == before


def test_new_writes_no_title_that_is_no_text(book: Path, capsys: Capture) -> None:
    before = sorted(book.rglob("*"))
    assert run("new", "three", "--track", "gamma", "--title", os.fsdecode(b"a\xff"), content=book) == 2
    assert capsys.readouterr().err == "The title 'a\\udcff' has bytes that are no text; write it in UTF-8.\n"
    assert sorted(book.rglob("*")) == before


@pytest.mark.parametrize(("sign", "name"), [("\x07", "U+0007"), ("\x7f", "U+007F"), ("\ufffe", "U+FFFE")])
def test_new_writes_no_title_that_could_not_be_read_again(
    sign: str, name: str, book: Path, capsys: Capture
) -> None:
    before = sorted(book.rglob("*"))
    assert run("new", "three", "--track", "alpha", "--title", f"a\n{sign}b", content=book) == 2
    said = f"The title holds a character that cannot be shown, {name}; leave it out.\n"
    assert capsys.readouterr().err == said
    assert sorted(book.rglob("*")) == before


def test_new_says_in_a_sentence_that_a_simulation_is_broken(
    book: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str) -> spec.Toy:
        raise spec.BrokenToyError(f"The simulation '{name}' cannot be loaded. Mend it.")

    monkeypatch.setattr(spec, "get", broken)
    assert run("new", "three", "--track", "alpha", "--sim", "hazard_belief", content=book) == 2
    assert capsys.readouterr().err == "The simulation 'hazard_belief' cannot be loaded. Mend it.\n"


def test_new_never_writes_over_a_file(book: Path) -> None:
    path = book / "alpha" / "three.md"
    path.mkdir()
    assert run("new", "three", "--track", "alpha", content=book) == 2


def test_an_unknown_command_or_none_is_bad_usage() -> None:
    for arguments in ([], ["chekc"], ["new", "x"], ["check", "--nothing"]):
        with pytest.raises(SystemExit) as stopped:
            run(*arguments)
        assert stopped.value.code == 2


def command(*arguments: str, **more: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "content", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more
    )


def test_a_reader_who_goes_early_is_no_error(book: Path) -> None:
    for number in range(400):
        (book / f"s-{number}.md").write_text(HEAD + "{term}`x` " * 40)
    process = command("check", str(book), env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.wait()
    process.stderr.close()


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [["list"], ["check"], ["check", "--json"]])
def test_output_that_cannot_be_written_is_one_line(words: list[str], unbuffered: str, book: Path) -> None:
    environ = {**os.environ, "MARTINGALE_CONTENT": str(book), "PYTHONUNBUFFERED": unbuffered}
    command = [sys.executable, "-m", "content", *words]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environ, check=False)
    said = b"What came of it cannot be written: No space left on device; send it elsewhere.\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_an_interrupt_is_status_130_without_a_trace(
    book: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Library) -> Book:
        raise KeyboardInterrupt

    monkeypatch.setattr(Library, "load", interrupted)
    assert run("check", content=book) == 130
    assert tuple(capsys.readouterr()) == ("", "\n")


def test_the_command_needs_neither_torch_nor_streamlit() -> None:
    program = (
        "import sys; from content.__main__ import main; code = main(['check'], {});"
        "sys.exit(code or bool({'torch', 'streamlit', 'plotly', 'sqlmodel', 'fsrs'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
