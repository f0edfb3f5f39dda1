"""The colours that figures name.

Figures are drawn with the light theme's values. The browser swaps each for the CSS variable of the same
token, so that one figure serves light and dark; a colour that is not listed here would not follow the theme.
Words in a colour of the data take its `--data-N-words`, where there is one: a line may be lighter than they.
"""

INK = "#1e1c18"
QUIET = "#625d53"
RULE = "#e2ded3"
PAPER = "#fbfaf6"
SUNK = "#f3f1ea"
DATA_1 = "#0b5d66"
DATA_2 = "#c2570c"
DATA_3 = "#6a4fa3"
DATA_4 = "#8a8578"

TOKENS = {
    INK: "--ink",
    QUIET: "--quiet",
    RULE: "--rule",
    PAPER: "--paper",
    SUNK: "--sunk",
    DATA_1: "--data-1",
    DATA_2: "--data-2",
    DATA_3: "--data-3",
    DATA_4: "--data-4",
}
