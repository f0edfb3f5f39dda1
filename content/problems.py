"""Everything that can be wrong with a section, each with its place and a way to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST = 400  # characters of a sentence: what is wrong may be a line of megabytes


class Code(StrEnum):
    """The kinds of problem; the value is what `check` prints."""

    UNREADABLE_FILE = "unreadable-file"
    BAD_FRONT_MATTER = "bad-front-matter"
    UNKNOWN_TRACK = "unknown-track"
    BAD_SLUG = "bad-slug"
    DUPLICATE_SECTION = "duplicate-section"
    UNCLOSED_FENCE = "unclosed-fence"
    STRAY_FENCE = "stray-fence"
    UNKNOWN_DIRECTIVE = "unknown-directive"
    UNKNOWN_OPTION = "unknown-option"
    BAD_OPTION = "bad-option"
    UNKNOWN_ROLE = "unknown-role"
    UNKNOWN_TOY = "unknown-toy"
    BAD_SETTING = "bad-setting"
    UNKNOWN_FACT = "unknown-fact"
    STALE_VALUE = "stale-value"
    UNKNOWN_TERM = "unknown-term"
    UNKNOWN_REFERENCE = "unknown-reference"
    UNKNOWN_SOURCE = "unknown-source"
    UNKNOWN_FOOTNOTE = "unknown-footnote"
    MISSING_ID = "missing-id"
    BAD_ID = "bad-id"
    DUPLICATE_ID = "duplicate-id"
    LONELY_FAMILY = "lonely-family"
    MISSING_QUESTION = "missing-question"
    MISSING_ANSWER = "missing-answer"
    BAD_CLAIM = "bad-claim"
    EXTRA_PART = "extra-part"
    MISPLACED_BLOCK = "misplaced-block"
    RAW_HTML = "raw-html"
    MISSING_FIGURE = "missing-figure"
    MISSING_ALT = "missing-alt"
    BAD_LINK = "bad-link"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: where, what, and how to mend it. Lines and columns count from 1."""

    path: str
    line: int
    column: int
    code: Code
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        """Cut out the middle of a sentence that quotes too much."""
        for name in ("message", "hint"):
            object.__setattr__(self, name, _shortened(getattr(self, name)))

    def __str__(self) -> str:
        """`file:line:column: code: message (hint)`, as editors and compilers print it."""
        hint = f" ({self.hint})" if self.hint else ""
        sentence = " ".join(f"{self.message}{hint}".splitlines())
        return f"{self.path}:{self.line}:{self.column}: {self.code}: {sentence}"


def _shortened(sentence: str) -> str:
    if len(sentence) <= LONGEST:
        return sentence
    return f"{sentence[: LONGEST // 2]}…{sentence[1 - LONGEST // 2 :]}"
