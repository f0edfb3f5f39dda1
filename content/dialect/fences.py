"""Directives: from `:::{name}` to the closing `:::`, whatever stands between.

A directive that wraps markdown becomes an opening and a closing token around the tokens of its body, read in
place, so that every token keeps its line. What is wrong becomes a token too, and is shown where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content import registry
from content.dialect.tokens import BlockState, reading_of
from content.directive import Container, Directive, Single
from content.fence import (
    End,
    Fence,
    Option,
    colons,
    find_end,
    has_braces,
    is_closing,
    read_head,
    read_option,
)
from content.hints import did_you_mean
from content.problems import Code, Problem
from content.reading import Reading
from content.word import Word

_LIKE_AN_OPTION = re.compile(r":[A-Za-z]")


def fence_rule(state: BlockState, start: int, end: int, silent: bool) -> bool:
    """Read one directive."""
    text = _text(state, start)
    if not text.startswith(":::") or state.is_code_block(start):
        return False
    if not silent:
        reading = reading_of(state.env)
        if is_closing(text):
            _stray(state, start, reading)
        else:
            _directive(state, start, end, reading)
    return True


def _stray(state: BlockState, line: int, reading: Reading) -> None:
    """Drop a closing line that closes nothing; after an unclosed fence it is part of the same mistake."""
    state.line = line + 1
    if not reading.has_unclosed:
        word = _word(state, line)
        message, hint = f"'{word.text}' closes nothing.", "delete it, or open the fence that it belongs to"
        _show(state, line, reading.report(Code.STRAY_FENCE, word, message, hint))


def _directive(state: BlockState, start: int, end: int, reading: Reading) -> None:
    opening = _word(state, start)
    stop = find_end(_Below(state, start, end), colons(opening.text))
    first, options = _options(state, start + 1, start + 1 + stop.body)
    name, argument = read_head(opening)
    last = start + stop.after + 1
    fence = Fence(opening, name, argument, options, body=first + 1, last=last, closed=stop.closed)
    state.line = last
    directive = registry.directives().get(name.text) if has_braces(opening) else None
    problem = None if stop.closed else _unclosed(state, start, stop, fence, reading)
    if isinstance(directive, Container):
        _container(state, fence, directive, reading)
    elif problem is not None:
        _show(state, start, problem)
    elif isinstance(directive, Single):
        _single(state, fence, directive, reading)
    else:
        _show(state, start, _unknown(fence, reading))


def _container(state: BlockState, fence: Fence, directive: Container, reading: Reading) -> None:
    for problem in _check(fence, directive, reading):
        _show(state, fence.line - 1, problem)
    if not fence.closed and fence.last < fence.body:
        return  # nothing is known to belong to it
    token = state.push("container_open", "", 1)
    token.meta = {"fence": fence, "directive": directive}
    _body(state, fence, reading)
    state.push("container_close", "", -1).meta = token.meta


def _single(state: BlockState, fence: Fence, directive: Single, reading: Reading) -> None:
    if state.level > 0:
        _show(state, fence.line - 1, _misplaced(fence, reading))
        return
    _check(fence, directive, reading)
    token = state.push("single_open", "", 1)
    token.meta = {"fence": fence, "directive": directive}
    if directive.has_body:
        state.env["in_single"] = True
        _body(state, fence, reading)
        state.env["in_single"] = False
    state.push("single_close", "", -1)


def _body(state: BlockState, fence: Fence, reading: Reading) -> None:
    """Read the markdown between the fences."""
    first, stop, after = fence.body - 1, fence.last - fence.closed, state.line
    parent, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", stop
    reading.enclosing.append(fence.name.text)
    state.md.block.tokenize(state, first, stop)
    reading.enclosing.pop()
    state.parentType, state.lineMax, state.line = parent, line_max, after


def _options(state: BlockState, first: int, stop: int) -> tuple[int, tuple[Option, ...]]:
    """Read the option lines at the top of a body; return the line after them as well."""
    options = []
    while first < stop and (option := read_option(_word(state, first))):
        options.append(option)
        first += 1
    return first, tuple(options)


def _check(fence: Fence, directive: Directive, reading: Reading) -> list[Problem]:
    """Report what the directive does not take; return the problems, to be shown with it."""
    directive.check(fence, reading)
    index = fence.body - 1
    text = reading.line(index).strip()
    is_body = index < fence.last - 1
    if is_body and _LIKE_AN_OPTION.match(text):
        column = reading.line(index).index(text) + 1
        hint = "write ':name: value'; if it is text, put an empty line before it"
        message = f"'{text}' is not an option."
        reading.report(Code.BAD_OPTION, Word(text, index + 1, column), message, hint)
    elif is_body and not directive.has_body:
        _check_empty(directive, fence, index, reading)
    return reading.problems_within(fence.line, max(fence.line, fence.body - 1))


def _check_empty(directive: Directive, fence: Fence, first: int, reading: Reading) -> None:
    takes_options = directive.options != frozenset()
    what = "options only" if takes_options else "nothing"
    hint = "move the text out, or make it ':caption: …'" if takes_options else "move the text out"
    for index in range(first, fence.last - 1):
        text = reading.line(index).strip()
        if text:
            word = Word(text, index + 1, reading.line(index).index(text) + 1)
            message = f"A {fence.name.text} holds {what}, not '{text}'."
            reading.report(Code.BAD_OPTION, word, message, hint)
            return


def _unclosed(state: BlockState, start: int, stop: End, fence: Fence, reading: Reading) -> Problem:
    reading.has_unclosed = True
    message = f"'{fence.opening.text}' is never closed."
    hint = f"add a line '{':' * colons(fence.opening.text)}' where it ends"
    if stop.crossed >= 0:
        other = _word(state, start + 1 + stop.crossed)
        message = f"'{fence.opening.text}' is not closed before '{other.text}' on line {other.line}."
        hint += "; to put one inside the other, give the outer one more colons"
    return reading.report(Code.UNCLOSED_FENCE, fence.opening, message, hint)


def _unknown(fence: Fence, reading: Reading) -> Problem:
    known, name = registry.directives(), fence.name.text
    message, hint = f"There is no directive called '{name}'.", did_you_mean(name, known)
    if not name or not has_braces(fence.opening):
        message = f"'{fence.opening.text}' names no directive in braces."
        hint = f"write ':::{{{name}}}'" if name in known else f"write ':::{{name}}'; {hint}"
    word = fence.name if name else fence.opening
    return reading.report(Code.UNKNOWN_DIRECTIVE, word, message, hint)


def _misplaced(fence: Fence, reading: Reading) -> Problem:
    around = f"'{reading.enclosing[-1]}'" if reading.enclosing else "a list, a quotation or a footnote"
    message = f"A {fence.name.text} may not stand inside {around}."
    hint = "move it to the top level of the section"
    return reading.report(Code.MISPLACED_BLOCK, fence.name, message, hint)


def _show(state: BlockState, line: int, problem: Problem) -> None:
    token = state.push("problem", "", 0)
    token.map = [line, line + 1]
    token.meta = {"problem": problem}


@dataclass(frozen=True)
class _Below:
    """The lines after one that can belong to a block that begins there: lists and quotations end early."""

    state: BlockState
    start: int
    end: int

    def __iter__(self) -> Iterator[str]:
        for line in range(self.start + 1, self.end):
            text = _text(self.state, line)
            if text and self.state.sCount[line] < self.state.blkIndent:
                return
            yield text


def _text(state: BlockState, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _word(state: BlockState, line: int) -> Word:
    start = state.bMarks[line] + state.tShift[line]
    column = start - (state.src.rfind("\n", 0, start) + 1) + 1
    return Word(state.src[start : state.eMarks[line]].rstrip(), line + 1, column)
