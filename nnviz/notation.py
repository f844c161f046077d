"""Numbers, vectors, matrices and names as LaTeX, as plain text, and as NumPy source.

Results have four significant digits at most, and the numbers they are calculated from six: so a
calculation by hand with the digits shown ends in the digits shown, see :func:`agreeing`. A number
that rounding leaves as it is has no zeros at its end: ``0.5`` is exactly a half, ``0.5000`` is a
half only after rounding.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

DIGITS = 4  # of a result
OPERAND_DIGITS = 6  # of a number that a result is calculated from
_PLAIN = (1e-3, 1e4)  # range in which a number is written without a power of ten

_ONES = {"1": "", "-1": "-"}  # mantissas that are left out before a power of ten

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


# --- numbers --------------------------------------------------------------------------


def number(value: float, digits: int = DIGITS) -> str:
    """LaTeX for one number: ``-0.1234``, ``1.234 \\cdot 10^{-5}``, ``\\infty``."""
    mantissa, power = _parts(value, digits)
    if power is None:
        return {"nan": r"\text{NaN}", "inf": r"\infty", "-inf": r"-\infty"}.get(mantissa, mantissa)
    return _ONES.get(mantissa, rf"{mantissa} \cdot ") + rf"10^{{{power}}}"


def factor(value: float, digits: int = DIGITS) -> str:
    """As :func:`number`, in brackets if it starts with a minus or has a power of ten."""
    text = number(value, digits)
    return f"({text})" if text.startswith("-") or "^" in text else text


def near_one(value: float, digits: int = DIGITS) -> str:
    """As :func:`factor`, but a number that would be rounded to 1 is written as ``(1 - …)``."""
    rest = 1.0 - value
    return rf"(1 - {number(rest, digits)})" if 0 < rest < _PLAIN[0] else factor(value, digits)


def plain(value: float) -> str:
    """One number as text: ``−0.1234``, ``1.234 · 10⁻⁵``, ``∞``."""
    mantissa, power = _parts(value, DIGITS)
    if power is not None:
        start = _ONES.get(mantissa, f"{mantissa} · ").replace("-", "−")
        return f"{start}10{str(power).translate(_SUPERSCRIPTS)}"
    return mantissa.replace("inf", "∞").replace("nan", "NaN").replace("-", "−")


def _parts(value: float, digits: int) -> tuple[str, int | None]:
    """Mantissa and power of ten; the power is None inside the range ``_PLAIN``."""
    value = float(value)
    if not math.isfinite(value) or value == 0:
        return ("0" if value == 0 else str(value)), None
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    rounded = float(f"{mantissa}e{power}")
    if _PLAIN[0] <= abs(rounded) < _PLAIN[1]:
        mantissa, power = f"{rounded:.{digits - 1 - int(power)}f}", ""
    if rounded == value and "." in mantissa:  # nothing was rounded away
        mantissa = mantissa.rstrip("0").rstrip(".")
    return mantissa, int(power) if power else None


def rounded(values: ArrayLike, digits: int = OPERAND_DIGITS) -> NDArray[np.float64]:
    """Numbers as their significant digits show them; same shape."""
    return np.vectorize(lambda value: float(f"{value:.{digits - 1}e}"), [float])(values)


def agreeing(values: ArrayLike, recomputed: ArrayLike) -> NDArray[np.intp]:
    """How many digits of results to show, at most ``DIGITS``: those that a calculation with the
    rounded operands, which gave ``recomputed``, ends in too. Same shape.

    Where no digit is the same, as where all of them cancel, ``DIGITS``.
    """
    return np.vectorize(_agreeing, [np.intp])(values, recomputed)


def _agreeing(value: float, recomputed: float) -> int:
    same = (d for d in range(DIGITS, 0, -1) if f"{value:.{d - 1}e}" == f"{recomputed:.{d - 1}e}")
    return next(same, DIGITS)


def counted(number: int, what: str) -> str:
    """A number of things, in the singular for one: ``1 run``, ``2 processes``."""
    plural = what + ("es" if what.endswith("s") else "s")
    return f"{number} {what if number == 1 else plural}"


# --- vectors and matrices -------------------------------------------------------------


def matrix(values: ArrayLike, digits: ArrayLike = DIGITS) -> str:
    """LaTeX of a matrix ``(rows, columns)``; a vector ``(n,)`` is written as a column.

    ``digits`` is one number for all, or has the shape of ``values``.
    """
    table, each = np.broadcast_arrays(np.asarray(values), digits)
    if table.ndim == 1:
        table, each = table[:, None], each[:, None]
    rows = r" \\ ".join(" & ".join(map(number, *row)) for row in zip(table, each, strict=True))
    return rf"\begin{{bmatrix*}}[r] {rows} \end{{bmatrix*}}"


def symbols(names: list[str]) -> str:
    """LaTeX of a column of symbols."""
    rows = r" \\ ".join(names)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def fill(template: str, values: Mapping[str, str]) -> str:
    """The LaTeX template with each ``<name>`` replaced by its value."""
    return re.sub(r"<(\w+)>", lambda match: values[match[1]], template)


# --- names ----------------------------------------------------------------------------


def subscript(i: int) -> str:
    return str(i).translate(_SUBSCRIPTS)


def of_layer(layer: int) -> str:
    """The number of a layer, ``[1]``; in the lecture, round brackets are a sample's."""
    return f"[{layer}]"


def unit(i: int, layer: int) -> str:
    """Hidden unit ``i`` of ``layer``, both counted from 1: ``a₃[1]``."""
    return f"a{subscript(i)}{of_layer(layer)}"


def output(i: int, n_outputs: int) -> str:
    """Output ``i``, counted from 1: ``ŷ₂``, or ``ŷ`` if there is only one."""
    return "ŷ" if n_outputs == 1 else f"ŷ{subscript(i)}"


# --- NumPy source ---------------------------------------------------------------------


def literal(values: ArrayLike) -> str:
    """``np.array(…)`` with exactly these float64 numbers; a matrix has one line per row."""
    table = np.asarray(values, dtype=np.float64)
    if table.ndim == 1:
        return f"np.array({_list(table)})"
    rows = "".join(f"    {_list(row)},\n" for row in table)
    return f"np.array([\n{rows}])"


def _list(row: NDArray[np.float64]) -> str:
    texts = map(repr, row.tolist())
    return "[" + ", ".join(re.sub("inf|nan", r"np.\g<0>", text) for text in texts) + "]"
