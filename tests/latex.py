"""Parsing of numbers in LaTeX, for tests that compare them with the engine's."""

import re

import numpy as np

_NUMBER = re.compile(
    r"(?P<inf>-?\\infty)|(?P<nan>\\text\{NaN\})"
    r"|(?P<mantissa>-?\d+(?:\.\d+)?)(?: \\cdot 10\^\{(?P<power>-?\d+)\})?"
)


def number(text):
    """A number as ``notation.number`` writes it, and half a unit of its last digit."""
    text = text.strip()
    text = re.sub(r"^(-?)10\^\{", r"\g<1>1 \\cdot 10^{", text)
    match = _NUMBER.fullmatch(text)
    assert match, text
    if match["inf"]:
        return float(text.replace("\\infty", "inf")), 0.0
    if match["nan"]:
        return np.nan, 0.0
    scale = 10.0 ** int(match["power"] or 0)
    digits = len(match["mantissa"].partition(".")[2])
    return float(match["mantissa"]) * scale, 0.5 * 10.0**-digits * scale


def matrices(latex):
    """Every matrix in a formula, in order, as (values, tolerances)."""
    found = []
    for body in re.findall(r"\\begin\{bmatrix\*\}\[r\](.*?)\\end\{bmatrix\*\}", latex):
        rows = [[number(cell) for cell in row.split("&")] for row in body.split(r"\\")]
        found.append(tuple(np.moveaxis(np.array(rows), -1, 0)))
    return found


def result(latex):
    """The number a formula ends with."""
    return number(latex.rpartition("= ")[2])


def shows(found, expected):
    """Whether the digits shown are those of ``expected``: off by half of the last at most."""
    values, tolerance = found
    expected = np.asarray(expected, dtype=float)
    if np.ndim(values) == 2 and expected.ndim == 1:  # a column, or one written as a row
        expected = expected[:, None] if np.shape(values)[1] == 1 else expected[None, :]
    assert np.shape(values) == expected.shape, (np.shape(values), expected.shape)
    slack = np.abs(expected) * 1e-9 + 1e-15  # for numbers close to a rounding boundary
    with np.errstate(invalid="ignore"):
        close = np.abs(values - expected) <= tolerance + slack
    return bool(np.all(close | (values == expected)))
