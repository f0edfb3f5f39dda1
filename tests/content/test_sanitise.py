"""The gate: what an attacker would try, through markdown and past it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.sanitise import sanitise
from tests.content.books import ReadSection, outline

PROBES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jAvAsCrIpT&colon;alert(1)">x</a>',
    '<div style="background:url(javascript:alert(1))" onclick="alert(1)">x</div>',
    '<form action="javascript:alert(1)"><input type=submit></form>',
    '<object data="javascript:alert(1)"></object>',
    "<!--><img src=x onerror=alert(1)>-->",
    "<p id=top name=body class='bar st-key'>x</p>",
    "<details open ontoggle=alert(1)>x</details>",
]
IN_MARKDOWN = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:alert(1))",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](figures/walk.svg)',
    '![x](figures/walk.svg "t\\" onerror=\\"alert(1)")',
    '[x](https://example.org "t\\" onmouseover=\\"alert(1)")',
    "[x]: javascript:alert(1)\n\n[x]",
    '```"><script>alert(1)</script>\ncode\n```',
    "$</span><script>alert(1)</script>$",
    "$$\n</div><script>alert(1)</script>\n$$",
    '{term}`x" onclick="alert(1) <martingale>`',
    "{term}`<script>alert(1)</script>`",
    '{ref}`"><script>alert(1)</script> <elsewhere>`',
    "{value}`<script>alert(1)</script>:x`",
    '{value}`belief_walk:variance start="><script>alert(1)</script>`',
    ":::{aside} <script>alert(1)</script>\n<img src=x onerror=alert(1)>\n:::",
    ":::{sim} <script>alert(1)</script>\n:caption: <img src=x onerror=alert(1)>\n:::",
    ":::{sim} belief_walk\n:caption: [x](javascript:alert(1)) <img src=x onerror=alert(1)>\n:::",
    ":::{<script>alert(1)</script>}\n:::",
    ':::{cloze} probe\n{{<script>alert(1)</script>::"><script>alert(1)</script>}}\n:::',
    "[^<script>alert(1)</script>]\n\n[^a]: <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|---|\n| x |",
    "# <script>alert(1)</script> {#x onclick=alert(1)}",
]
ELEMENTS = re.compile(r"^(?:script|style|iframe|object|embed|form|input|svg|math|link|meta|base|details)$")
ADDRESS = re.compile(r"^(?:https?:|mailto:|[^:]*$|[/?#])")


class _Danger(HTMLParser):
    """Collects what a browser could run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ELEMENTS.match(tag):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc", "name", "formaction"}:
                self.found.append(f"{tag} {name}")
            if name in {"href", "src"} and not ADDRESS.match(value or ""):
                self.found.append(f"{name}={value}")


def dangers(html: str) -> list[str]:
    danger = _Danger()
    danger.feed(html)
    danger.close()
    return danger.found


@pytest.mark.parametrize("html", PROBES)
def test_html_that_reaches_the_gate_is_harmless_behind_it(html: str) -> None:
    assert dangers(sanitise(html)) == []


@pytest.mark.parametrize("text", PROBES + IN_MARKDOWN)
def test_markdown_cannot_carry_it_in(text: str, read_section: ReadSection) -> None:
    section = read_section(text)
    assert dangers(outline(section, "\n" * 50)) == []
    for card in section.cards:
        assert dangers(f"{card.front}{card.back}{''.join(card.fields.values())}") == []


def test_a_page_element_cannot_be_imitated() -> None:
    assert sanitise('<p class="bar" id="top">x</p><div id="definition" class="definition">y</div>') == (
        '<p class="">x</p><div class="">y</div>'
    )


@given(st.text(alphabet=st.sampled_from("<>/\"'=&;: abionscript-!"), max_size=80))
def test_the_gate_is_idempotent(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once
    assert dangers(once) == []
