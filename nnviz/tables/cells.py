"""What single cells mean: numbers with either decimal mark, missing values, dates."""

from __future__ import annotations

import math
import re
from collections.abc import Collection

MISSING = frozenset(
    ["", "na", "n/a", "n.a.", "nan", "null", "none", "nil", "-", "--", "?", ".", "missing",
     "#n/a", "#na", "#null!", "#div/0!", "#value!", "#ref!", "#num!", "#name?", "<na>", "\\n"]
)  # fmt: skip
TRUE_FALSE = frozenset(["true", "false", "yes", "no", "t", "f", "y", "n"])

# what float() reads, without underscores and names
_IS_NUMBER = {
    ".": re.compile(r"[+\-−]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII).fullmatch,
    ",": re.compile(r"[+\-−]?(\d+,?\d*|,\d+)([eE][+-]?\d{1,4})?", re.ASCII).fullmatch,
}
_IS_GROUPED = {  # thousands in groups
    ".": re.compile(r"[+\-−]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII).fullmatch,
    ",": re.compile(r"[+\-−]?\d{1,3}([.  ]\d{3})+(,\d*)?", re.ASCII).fullmatch,
}
_GROUP_MARKS = {".": ",", ",": ". \xa0"}
_UNGROUPED = {".": str.maketrans("", "", ",\xa0 "), ",": str.maketrans(",", ".", ".\xa0 ")}
_INFINITE = re.compile(r"[+\-−]?(inf|infinity|∞)", re.IGNORECASE)
# of texts, one a line, which are plain numbers wherever float() reads them
_PLAIN = {".": b"0123456789.+-eE\n", ",": b"0123456789,+-eE\n"}
_NUMBER_STARTS = frozenset("+-−.,0123456789")
_INFINITE_ENDS = ("f", "F", "y", "Y", "∞")
_DATE = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ T]\d{1,2}:\d{2}\S*)?",
    re.ASCII,
)


def is_missing(text: str) -> bool:
    return len(text) <= 8 and text.casefold() in MISSING


def missing(texts: Collection[str]) -> frozenset[str]:
    """Those that :func:`is_missing`."""
    folded = zip(texts, map(str.casefold, texts), strict=True)
    return frozenset([text for text, plain in folded if plain in MISSING])


def is_infinite(text: str) -> bool:
    return text.endswith(_INFINITE_ENDS) and len(text) <= 9 and bool(_INFINITE.fullmatch(text))


def is_date(text: str) -> bool:
    return text[:1].isdigit() and len(text) <= 40 and _DATE.fullmatch(text) is not None


def number(text: str, decimal: str = ".", grouped: bool = False) -> float | None:
    """The number that a cell holds, infinite if it is too large; None for anything else.

    ``grouped``: thousands may be in groups.
    """
    if not text or text[0] not in _NUMBER_STARTS or len(text) > 400:
        return None  # as most texts, without a look at the patterns
    if _IS_NUMBER[decimal](text):
        plain = text if decimal == "." else text.replace(",", ".")
    elif grouped and _IS_GROUPED[decimal](text):
        plain = text.translate(_UNGROUPED[decimal])
    else:
        return None
    return float(plain.replace("−", "-"))


def plain_numbers(texts: Collection[str], decimal: str) -> dict[str, float] | None:
    """The finite number in each of these different texts, in a tenth of the time.

    None where any holds something else, or is written in another way.
    """
    lines = "\n".join(texts)
    if lines.encode("utf-8", "replace").translate(None, _PLAIN[decimal]):
        return None
    try:
        values = list(map(float, lines.replace(",", ".").split("\n")))
        found = dict(zip(texts, values, strict=True))
    except ValueError:
        return None  # such as 1-2
    return found if all(map(math.isfinite, values)) else None


def has_groups(text: str, decimal: str) -> bool:
    """Whether thousands are in groups for sure: both marks occur, in their places."""
    if decimal not in text or not any(mark in text for mark in _GROUP_MARKS[decimal]):
        return False  # as in nearly all cells
    return _IS_GROUPED[decimal](text) is not None
