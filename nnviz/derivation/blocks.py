"""What a part of the derivation is made of: words, formulas, and tables of what is too large."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..notation import fill, matrix
from ..walk import Walk

Array = NDArray[np.float64]

MOST_NUMBERS = 260  # in one formula


@dataclass(frozen=True)
class Words:
    """A paragraph of Markdown."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A display formula."""

    latex: str


@dataclass(frozen=True, eq=False)
class Table:
    """A matrix too large for a formula: ``values`` of shape ``(rows, columns)``."""

    caption: str
    values: Array
    rows: list[str]
    columns: list[str]


Block = Words | Formula | Table


@dataclass(frozen=True)
class Part:
    """``blocks`` works them out when they are wanted; ``group`` is the heading above."""

    key: str
    group: str
    title: str
    blocks: Callable[[], list[Block]]
    opened: bool = False


# values, caption, names of rows and of columns; a vector has no names of columns
Named = tuple[Array, str, list[str], list[str] | None]


def equation(latex: str, **arrays: Named) -> Iterator[Block]:
    """``latex`` with each ``<name>`` written out; where that is too much, symbols and tables."""
    if sum(values.size for values, *_ in arrays.values()) <= MOST_NUMBERS:
        texts = {name: matrix(values) for name, (values, *_) in arrays.items()}
        yield Formula(fill(latex, texts))
        return
    head = latex.partition(" = <")[0]
    if "<" not in head:
        yield Formula(head)
    for values, caption, rows, columns in arrays.values():
        table = values if values.ndim == 2 else values[:, None]
        yield Table(caption, table, rows, columns or [caption])


def weights(layer: int, when: str = "", above: str = "") -> str:
    """``W⁽¹⁾``, and ``when`` it is, or what more is to stand ``above``."""
    below = rf"_{{\text{{{when}}}}}" if when else ""
    return rf"W^{{({layer}){above}}}{below}"


def spoken(walk: Walk, layer: int) -> str:
    return f"Layer {layer}" if layer <= walk.n_hidden else f"Layer {layer} (output)"
