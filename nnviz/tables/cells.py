"""What single cells mean: numbers with either decimal mark, missing values, dates."""

from __future__ import annotations

import re

MISSING = frozenset(
    ["", "na", "n/a", "n.a.", "nan", "null", "none", "nil", "-", "--", "?", ".", "missing",
     "#n/a", "#na", "#null!", "#div/0!", "#value!", "#ref!", "#num!", "#name?", "<na>", "\\n"]
)  # fmt: skip
TRUE_FALSE = frozenset(["true", "false", "yes", "no", "t", "f", "y", "n"])

# what float() reads, without underscores and names
_NUMBER = {
    ".": re.compile(r"[+\-−]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII),
    ",": re.compile(r"[+\-−]?(\d+,?\d*|,\d+)([eE][+-]?\d{1,4})?", re.ASCII),
}
_GROUPED = {  # thousands in groups
    ".": re.compile(r"[+\-−]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII),
    ",": re.compile(r"[+\-−]?\d{1,3}([.  ]\d{3})+(,\d*)?", re.ASCII),
}
_INFINITE = re.compile(r"[+\-−]?(inf|infinity|∞)", re.IGNORECASE)
_DATE = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T]\d{1,2}:\d{2}\S*)?",
    re.ASCII,
)


def is_missing(text: str) -> bool:
    return len(text) <= 8 and text.casefold() in MISSING


def is_infinite(text: str) -> bool:
    return len(text) <= 9 and _INFINITE.fullmatch(text) is not None


def is_date(text: str) -> bool:
    return len(text) <= 40 and _DATE.fullmatch(text) is not None


def number(text: str, decimal: str = ".", grouped: bool = False) -> float | None:
    """The number that a cell holds, infinite if it is too large; None for anything else.

    ``grouped``: thousands may be in groups.
    """
    if len(text) > 400:
        return None
    if not _NUMBER[decimal].fullmatch(text):
        if not grouped or not _GROUPED[decimal].fullmatch(text):
            return None
        text = re.sub(r"[,  ]" if decimal == "." else r"[.  ]", "", text)
    if decimal == ",":
        text = text.replace(",", ".")
    return float(text.replace("−", "-"))


def has_groups(text: str, decimal: str) -> bool:
    """Whether thousands are in groups for sure: both marks occur, in their places."""
    other = "," if decimal == "." else ". \xa0"
    if decimal not in text or not any(mark in text for mark in other):
        return False  # as in nearly all cells
    return _GROUPED[decimal].fullmatch(text) is not None
