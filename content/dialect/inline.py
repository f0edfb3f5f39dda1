"""What may stand inside a line beyond CommonMark: roles, deletions, and the two things to warn about.

{term}`martingale`           a role
{{hidden}}, {{hidden::hint}} a deletion, in the body of a card that takes them
<b>                          raw HTML: a problem, and shown as text
[^note]                      a footnote that is not there, or that stands in a card: a problem
"""

from __future__ import annotations

import re
from collections import Counter

from content import registry
from content.dialect.links import unresolved
from content.dialect.tokens import InlineState, reading_of
from content.hints import did_you_mean
from content.problems import Code
from content.reading import Reading
from content.role import Inline

_ROLE = re.compile(r"\{([A-Za-z][\w-]*)\}(`+)")
_TICKS = re.compile("`+")
# An attribute as CommonMark has it: what only resembles a tag is text, and its backslashes are escapes.
_ATTRIBUTE = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^'<>]*'|"[^"<>]*"))?"""
_TAG = re.compile(
    rf"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:{_ATTRIBUTE})*\s*)/?>|<!--.*?-->|<!--", re.ASCII | re.DOTALL
)
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
_ELEMENTS = frozenset({
    "a", "abbr", "address", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo", "blink",
    "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col",
    "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "div", "dl", "dt", "em",
    "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "h1",
    "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "img",
    "input", "ins", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "marquee", "math",
    "menu", "meta", "meter", "nav", "noscript", "object", "ol", "optgroup", "option", "output", "p",
    "param", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "script", "search",
    "section", "select", "slot", "small", "source", "span", "strike", "strong", "style", "sub",
    "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead",
    "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
})  # fmt: skip


def role_rule(state: InlineState, silent: bool) -> bool:
    """Read a role and resolve it."""
    match = _ROLE.match(state.src, state.pos)
    if match is None:
        return False
    close = _closing_ticks(state.src, match.end(), len(match[2]))
    if close < 0 or close + len(match[2]) > state.posMax:
        return False
    after = close + len(match[2])
    if not silent:
        reading = reading_of(state.env)
        known = len(reading.problems)
        shown = _resolve(state.src, match, close, reading)
        _push(state, shown or unresolved(state.src[state.pos : after], reading.problems[known]))
    state.pos = after
    return True


def _closing_ticks(text: str, start: int, length: int) -> int:
    """Find a run of exactly `length` backticks, as for code."""
    for run in _TICKS.finditer(text, start):
        if len(run[0]) == length:
            return run.start()
    return -1


def _resolve(text: str, match: re.Match[str], close: int, reading: Reading) -> Inline | None:
    role = registry.roles().get(match[1])
    if role is not None:
        return role.read(reading.word(text, match.end(), close), reading)
    word = reading.word(text, *match.span(1))
    hint = did_you_mean(word.text, registry.roles())
    reading.report(Code.UNKNOWN_ROLE, word, f"There is no role called '{word.text}'.", hint)
    return None


def deletion_rule(state: InlineState, silent: bool) -> bool:
    """Read `{{hidden::hint}}` where deletions are allowed; code and maths inside are skipped whole."""
    start = state.pos
    if not state.src.startswith("{{", start) or not state.env.get("deletions"):
        return False
    stop, hint = _end_of_deletion(state)
    if stop < 0:
        state.pos = start
        return False
    if not silent:
        end = state.posMax
        state.pos, state.posMax = start + 2, hint if hint >= 0 else stop
        meta = {"hint": state.src[hint + 2 : stop].strip() if hint >= 0 else ""}
        state.push("deletion_open", "span", 1).meta = meta
        state.md.inline.tokenize(state)
        state.push("deletion_close", "span", -1)
        state.posMax = end
    state.pos = stop + 2
    return True


def _end_of_deletion(state: InlineState) -> tuple[int, int]:
    """Return where `}}` stands and where the last `::` before it does, each -1 if it is not there."""
    state.pos += 2
    hint = -1
    while state.pos < state.posMax - 1:
        pair = state.src[state.pos : state.pos + 2]
        if pair == "}}":
            return state.pos, hint
        if pair == "::":
            hint = state.pos
        state.md.inline.skipToken(state)
    return -1, hint


def raw_html_rule(state: InlineState, silent: bool) -> bool:
    """Warn about raw HTML; what looks like a tag but is none ("x<y and z>w") stays text without a word."""
    if not state.src.startswith("<", state.pos):
        return False
    match = _TAG.match(state.src, state.pos, state.posMax)
    if match is None or not _is_html(match):
        return False
    if not silent:
        _warn_of_html(state, match)
        state.push("text", "", 0).content = match[0]
    state.pos = match.end()
    return True


def _is_html(match: re.Match[str]) -> bool:
    name = (match[2] or "").lower()
    return not name or name in _ELEMENTS or "=" in (match[3] or "")


def _warn_of_html(state: InlineState, match: re.Match[str]) -> None:
    """Report a tag; one that closes a tag already reported is part of the same mistake."""
    opened = state.env.setdefault("opened_tags", Counter())
    name = (match[2] or "").lower()
    opened[name] += -1 if match[1] else 1
    if match[1] and opened[name] >= 0:
        return
    reading = reading_of(state.env)
    word = reading.word(state.src, *match.span())
    shown = " ".join(word.text.split())
    message = f"Raw HTML is not passed through: '{shown}' is shown as text."
    reading.report(Code.RAW_HTML, word, message, _instead_of(name))


def _instead_of(name: str) -> str:
    if not name:
        return "delete the comment; readers would see it"
    remedies = {
        "b": "write **bold**", "strong": "write **bold**", "i": "write *italic*", "em": "write *italic*",
        "img": "write ![what it shows](figures/name.svg)", "a": "write [text](address)",
        "br": "end the line with a backslash, or begin a new paragraph", "sub": "write it as maths: $x_i$",
        "sup": "write it as maths: $x^2$, or a footnote as [^note]", "code": "write `code`",
    }  # fmt: skip
    return remedies.get(name, "use markdown, or put it in backticks to show it")


def footnote_warning_rule(state: InlineState, silent: bool) -> bool:
    """Warn about a reference to a footnote that is not there, or that stands where none can be shown."""
    if not state.src.startswith("[^", state.pos):
        return False
    match = _FOOTNOTE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    label = match[1]
    defined = state.env.get("footnotes", {}).get("refs", {})
    in_card = state.env.get("in_single")
    if f":{label}" in defined and not in_card:
        return False
    if not silent:
        reading = reading_of(state.env)
        word = reading.word(state.src, *match.span())
        if in_card:
            message = "A footnote may not stand in a card, a caption or a definition."
            hint = "say it there: these leave the page that the footnote is on"
            problem = reading.report(Code.MISPLACED_BLOCK, word, message, hint)
        else:
            message = f"There is no footnote '{label}'."
            labels = [name.removeprefix(":") for name in defined]
            near = did_you_mean(label, labels)
            hint = near if near.startswith("did") else f"add a line '[^{label}]: …', or put it in backticks"
            problem = reading.report(Code.UNKNOWN_FOOTNOTE, word, message, hint)
        _push(state, unresolved(match[0], problem))
    state.pos = match.end()
    return True


def _push(state: InlineState, shown: Inline) -> None:
    token = state.push("rendered", "", 0)
    token.content = shown.text
    token.meta = {"html": shown.html}
