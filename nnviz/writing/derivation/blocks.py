"""The blocks of a part of the derivation: paragraphs, formulas, and tables of large arrays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...analysis.step import WorkedPoint
from ...notation import DIGITS, OPERAND_DIGITS, agreeing, fill, matrix, rounded

Array = NDArray[np.float64]

MOST_NUMBERS = 260  # in one formula
WIDEST = 7  # columns of numbers side by side; a wider formula is broken into lines

NEXT_LINE = r" \\[1ex] "

_SYMBOLS = re.compile(r".*?(?= = [^=]*<|$)")  # a formula up to its first numbers


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of Markdown."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A display formula."""

    latex: str


@dataclass(frozen=True, eq=False)
class NumberTable:
    """A matrix too large for a formula: ``values`` of shape ``(rows, columns)``."""

    caption: str
    values: Array
    rows: list[str]
    columns: list[str]


Block = Paragraph | Formula | NumberTable


@dataclass(frozen=True)
class Part:
    """A part; ``blocks()`` computes its blocks, and ``group`` is the heading above it."""

    key: str
    group: str
    title: str
    blocks: Callable[[], list[Block]]
    opened: bool = False


# values, caption, names of rows and of columns; a vector has no names of columns
Named = tuple[Array, str, list[str], list[str] | None]


Calculation = Callable[..., Array]  # of the operands by their names: the result


def equation(latex: str, by: Calculation | None = None, **arrays: Named) -> Iterator[Block]:
    """``latex`` with each ``<name>`` replaced by its array; if too large, symbols and tables.

    The last array is the result of the others, calculated ``by`` them. A wide formula has a line
    for each factor and result, with vectors transposed to rows.
    """
    if sum(values.size for values, *_ in arrays.values()) > MOST_NUMBERS:
        yield Formula(_SYMBOLS.match(latex)[0])  # type: ignore[index]  # all of it at least
        yield from tables(arrays)
        return
    wide = sum(map(_width, arrays.values())) > WIDEST
    if wide:
        first, rest = latex.split(" = ", 1)
        rest = rest.replace(" = <", rf"{NEXT_LINE}&= <").replace(
            r"\,<", rf"{NEXT_LINE}&\quad \cdot <"
        )
        latex = rf"\small \begin{{aligned}} {first} &= {rest} \end{{aligned}}"
    yield Formula(fill(latex, _texts(arrays, by, wide)))


def lines(
    latex: Sequence[str], arrays: dict[str, Named], by: Calculation | None = None
) -> Iterator[Block]:
    """The same for a formula of several lines, aligned at their ``&``; on one line if it fits."""
    if sum(values.size for values, *_ in arrays.values()) > MOST_NUMBERS:
        yield from tables(arrays)
        return
    texts = _texts(arrays, by)
    if sum(map(_width, arrays.values())) <= WIDEST:
        yield Formula(fill(" ".join(latex).replace(r"&\quad ", "").replace("&", ""), texts))
    else:
        body = fill(NEXT_LINE.join(latex), texts)
        yield Formula(rf"\small \begin{{aligned}} {body} \end{{aligned}}")


def tables(arrays: dict[str, Named]) -> Iterator[Block]:
    for values, caption, rows, columns in arrays.values():
        table = values if values.ndim == 2 else values[:, None]
        yield NumberTable(caption, table, rows, columns or [caption])


def _width(array: Named) -> int:
    values = array[0]
    return values.shape[1] if values.ndim == 2 else 1


def _texts(
    arrays: dict[str, Named], by: Calculation | None, as_rows: bool = False
) -> dict[str, str]:
    """The arrays as LaTeX: the last one with the digits that the others, as shown, lead to."""
    *operands, result = ((name, values) for name, (values, *_) in arrays.items())
    name, values = result
    digits = agreeing(values, by(**{n: rounded(v) for n, v in operands})) if by else DIGITS
    texts = {n: _array_latex(v, OPERAND_DIGITS, as_rows) for n, v in operands}
    return texts | {name: _array_latex(values, digits, as_rows)}


def _array_latex(values: Array, digits: ArrayLike, as_row: bool) -> str:
    if as_row and values.ndim == 1 and len(values) > 4:
        return rf"{matrix(values[None, :], digits)}^{{\top}}"
    return matrix(values, digits)


def weights(layer: int, when: str = "", above: str = "") -> str:
    """``W^{[1]}``, with ``when`` as its index, and ``above`` added to the of_layer."""
    below = rf"_{{\text{{{when}}}}}" if when else ""
    return rf"W^{{[{layer}]{above}}}{below}"


def layer_title(example: WorkedPoint, layer: int) -> str:
    return f"Layer {layer}" if layer <= example.n_hidden else f"Layer {layer} (output)"
