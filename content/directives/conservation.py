"""A reader's own numbers before some evidence is shown, and what they ask for once it is.

    :::{conservation} the-next-audit
    :happened: false
    The model hides an ability that ordinary tests do not show.
    ---
    An audit raises the alarm.
    ---
    The audit was silent.
    ---
    A comment, which may be left out.
    :::

The parts are the claim, the evidence that may come, and what has come of it; `:happened:` says whether that
is the evidence. The mathematics is in `cards.beliefs.conservation`.
"""

from __future__ import annotations

from collections.abc import Sequence

from cards.evidence import Evidence
from cards.markup import is_blank
from content.block_id import has_id
from content.blocks import ConservationBlock
from content.directive import Part, Single
from content.fence import Fence
from content.problems import Code
from content.reading import Reading

CLAIM, MAY_COME, CAME, COMMENT = range(4)
MISSING = {
    CLAIM: (Code.MISSING_QUESTION, "The block makes no claim.", "write it above the first line ---"),
    MAY_COME: (
        Code.MISSING_QUESTION,
        "The block does not say what evidence may come.",
        "write it between the first line --- and the second",
    ),
    CAME: (
        Code.MISSING_ANSWER,
        "The block does not say what came of the evidence.",
        "write it below the second line ---",
    ),
}


class Conservation(Single):
    """A check that one's numbers agree with each other, with evidence to come."""

    options = frozenset({"happened"})

    def build(self, fence: Fence, parts: Sequence[Part], reading: Reading) -> ConservationBlock | None:
        """Make the block, or report what is wrong with it."""
        written = [part.html for part in parts] + [""] * (COMMENT + 1 - len(parts))
        for number, (code, message, hint) in MISSING.items():
            if is_blank(written[number]):
                place = parts[number].place if number < len(parts) else fence.name
                reading.report(code, place, message, hint)
        if len(parts) > COMMENT + 1:
            message = f"{fence.name.text} has {COMMENT + 1} parts, and this is number {COMMENT + 2}."
            reading.report(
                Code.EXTRA_PART, parts[COMMENT + 1].place, message, "for a line across write '***'"
            )
        happened = self._happened(fence, reading)
        if not has_id(fence, reading, "check") or reading.problems_within(fence.line, fence.last):
            return None
        reading.ids.append(fence.argument)
        return ConservationBlock(
            Evidence(
                id=fence.argument.text,
                section=reading.slug,
                claim=written[CLAIM],
                may_come=written[MAY_COME],
                came=written[CAME],
                happened=happened,
                comment=written[COMMENT],
                line=fence.line,
            )
        )

    def _happened(self, fence: Fence, reading: Reading) -> bool:
        option = fence.option("happened")
        text = option.value.text if option else ""
        if text not in {"true", "false"}:
            place = option.value if option and text else fence.name
            message = "The block does not say whether the evidence came."
            if text:
                message = f"happened is '{text}', which is not true or false."
            reading.report(Code.BAD_OPTION, place, message, "write ':happened: true' or ':happened: false'")
        return text == "true"


DIRECTIVE = Conservation()
