"""The HTML of the dialect, where it differs from the parser's own.

Styles are classes, never attributes; what may scroll sideways can be reached by keyboard and has a name;
maths is marked and left to the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from content.dialect import footnotes
from content.dialect.links import is_safe
from content.dialect.tokens import Env, Render, Token, reading_of
from content.problems import Problem


def problem_html(problem: Problem) -> str:
    """Return a problem as a note that stands where the thing itself would."""
    hint = f" ({escape(problem.hint)})" if problem.hint else ""
    return (
        f'<div class="problem ui" role="note"><span>Line {problem.line}:</span> '
        f"{escape(problem.message)}{hint}</div>\n"
    )


def after_its_problem(render: Render) -> Render:
    """Render a token, and before it the problem that it carries, if it carries one."""

    def with_problem(tokens: Sequence[Token], index: int, options: object, env: Env) -> str:
        problem = tokens[index].meta.get("problem")
        return (problem_html(problem) if problem else "") + render(tokens, index, options, env)

    return with_problem


def plain_text(tokens: Sequence[Token] | None) -> str:
    """Return what a reader sees of inline tokens, without any markup."""
    pieces = []
    for token in tokens or ():
        if token.type in {"softbreak", "hardbreak"}:
            pieces.append(" ")
        elif token.type == "image":
            pieces.append(plain_text(token.children))
        else:
            pieces.append(token.content)
    return "".join(pieces)


def _problem(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    return problem_html(tokens[index].meta["problem"])


def _rendered(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    html: str = tokens[index].meta["html"]
    return html


def _container_open(tokens: Sequence[Token], index: int, _options: object, env: Env) -> str:
    meta = tokens[index].meta
    before, meta["after"] = meta["directive"].wrap(meta["fence"], reading_of(env))
    return str(before)


def _container_close(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    return str(tokens[index].meta["after"])


def _deletion_open(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    hint = tokens[index].meta["hint"]
    given = f' data-hint="{escape(hint)}"' if hint else ""
    return f'<span class="cloze"{given}>'


def _math_inline(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    return f'<span class="math inline">{escape(tokens[index].content.strip(), quote=False)}</span>'


def _math_displayed(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    tex = escape(tokens[index].content.strip(), quote=False)
    return f'<span class="math inline">\\displaystyle {tex}</span>'


def _math_block(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    return f'<div class="math block">{escape(tokens[index].content.strip(), quote=False)}</div>\n'


def _image(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    token = tokens[index]
    title = f' title="{escape(str(token.attrs["title"]))}"' if token.attrs.get("title") else ""
    alt = escape(plain_text(token.children))
    return f'<img src="{escape(str(token.attrs["src"]))}" alt="{alt}"{title} loading="lazy">'


def _link_open(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    attrs = tokens[index].attrs
    href = str(attrs.get("href", ""))
    if not is_safe(href):
        return "<a>"
    title = f' title="{escape(str(attrs["title"]))}"' if attrs.get("title") else ""
    external = href.lower().startswith(("http:", "https:", "//"))
    rel = ' rel="noopener noreferrer"' if external else ""
    return f'<a href="{escape(href)}"{title}{rel}>'


def _table_open(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    headers = []
    for cell, inline in zip(tokens[index:], tokens[index + 1 :], strict=False):
        if cell.type == "thead_close":
            break
        if cell.type == "th_open" and (text := plain_text(inline.children).strip()):
            headers.append(text)
    label = escape(f"Table: {', '.join(headers)}" if headers else "Table")
    return f'<div class="table" tabindex="0" role="region" aria-label="{label}">\n<table>\n'


def _table_close(_tokens: Sequence[Token], _index: int, _options: object, _env: Env) -> str:
    return "</table>\n</div>\n"


def _cell_open(tokens: Sequence[Token], index: int, _options: object, _env: Env) -> str:
    token = tokens[index]
    side = str(token.attrs.get("style", "")).removeprefix("text-align:")
    scope = ' scope="col"' if token.tag == "th" else ""
    aligned = f' class="align-{side}"' if side else ""
    return f"<{token.tag}{scope}{aligned}>"


RENDER: dict[str, Render] = {
    "problem": _problem,
    "rendered": _rendered,
    "container_open": _container_open,
    "container_close": _container_close,
    "deletion_open": _deletion_open,
    "math_inline": _math_inline,
    "math_inline_double": _math_displayed,
    "math_block": _math_block,
    "image": _image,
    "link_open": _link_open,
    "table_open": _table_open,
    "table_close": _table_close,
    "th_open": _cell_open,
    "td_open": _cell_open,
    "footnote_ref": footnotes.render_reference,
    "footnote_block_open": lambda *_: '<section class="footnotes" aria-label="Notes">\n<ol>\n',
    "footnote_block_close": lambda *_: "</ol>\n</section>\n",
    "footnote_open": footnotes.render_open,
    "footnote_close": lambda *_: "</li>\n",
    "footnote_anchor": footnotes.render_back,
}
