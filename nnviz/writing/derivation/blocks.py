"""The blocks of a part of the derivation: paragraphs, formulas, and tables of large arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...analysis.step import WorkedExample
from ...notation import fill, matrix

Array = NDArray[np.float64]

MOST_NUMBERS = 260  # in one formula
WIDEST = 8  # columns of numbers side by side; a wider formula is broken into lines

NEXT_LINE = r" \\[1ex] "


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


def equation(latex: str, **arrays: Named) -> Iterator[Block]:
    """``latex`` with each ``<name>`` replaced by its array; if too large, symbols and tables.

    A wide formula has a line for each factor and result, with vectors transposed to rows.
    """
    if sum(values.size for values, *_ in arrays.values()) > MOST_NUMBERS:
        head = latex.partition(" = <")[0]
        if "<" not in head:
            yield Formula(head)
        yield from tables(arrays)
        return
    wide = sum(map(_width, arrays.values())) > WIDEST
    if wide:
        first, rest = latex.split(" = ", 1)
        rest = rest.replace(" = <", rf"{NEXT_LINE}&= <").replace(
            r"\,<", rf"{NEXT_LINE}&\quad \cdot <"
        )
        latex = rf"\small \begin{{aligned}} {first} &= {rest} \end{{aligned}}"
    yield Formula(fill(latex, {name: _array_latex(array, wide) for name, array in arrays.items()}))


def lines(latex: Sequence[str], arrays: dict[str, Named]) -> Iterator[Block]:
    """The same for a formula of several lines, aligned at their ``&``; on one line if it fits."""
    if sum(values.size for values, *_ in arrays.values()) > MOST_NUMBERS:
        yield from tables(arrays)
        return
    texts = {name: _array_latex(array) for name, array in arrays.items()}
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


def _array_latex(array: Named, as_row: bool = False) -> str:
    values = array[0]
    if as_row and values.ndim == 1 and len(values) > 4:
        return rf"{matrix(values[None, :])}^{{\top}}"
    return matrix(values)


def weights(layer: int, when: str = "", above: str = "") -> str:
    """``W⁽¹⁾``, with ``when`` as its index, and ``above`` added to the superscript."""
    below = rf"_{{\text{{{when}}}}}" if when else ""
    return rf"W^{{({layer}){above}}}{below}"


def layer_title(example: WorkedExample, layer: int) -> str:
    return f"Layer {layer}" if layer <= example.n_hidden else f"Layer {layer} (output)"
