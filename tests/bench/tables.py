"""A file of 5 MB, the largest that is read, in each way in which that takes long."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from random import Random
from statistics import median

from nnviz.tables.decoding import MOST_BYTES
from nnviz.tables.reader import read
from tests.bench.report import say

RUNS = 3
_draw = Random(0)


def _german(row: int) -> str:
    number = f"{5000 * _draw.random():,.3f}".translate(str.maketrans(".,", ",."))
    return f"{number};{f'{_draw.random():.4f}'.replace('.', ',')};{'xyz'[row % 3]}\r\n"


# one row each, by its number
FILES: dict[str, Callable[[int], str]] = {
    "numbers": lambda row: f"{_draw.gauss()},{_draw.gauss()},{_draw.gauss()},{'xyz'[row % 3]}\n",
    "a German Excel's": _german,
    "quoted": lambda row: f'"{_draw.random():.6f}","{_draw.random():.6f}","{"ab"[row % 2]}, c"\n',
    "IDs": lambda row: f"{row:x},{7 * row:x},q{row}\n",
    "900 columns": lambda row: ",".join(f"{_draw.gauss():.3f}" for _ in range(900)) + "\n",
    "empty lines": lambda row: "\n" if row else "1,2,a\n",
}


def main() -> None:
    print(f"Files of {MOST_BYTES / 1e6:g} MB")
    for name, row in FILES.items():
        content = _file(row)
        seconds = [_seconds(content) for _ in range(RUNS)]
        say(f"reading {name}", median(seconds), 2, "s", at_least=False)


def _file(row: Callable[[int], str]) -> bytes:
    lines, size = [], 0
    for text in map(row, count()):
        size += len(text)
        if size > MOST_BYTES:
            return "".join(lines).encode()
        lines.append(text)
    raise AssertionError("rows end nowhere")


def _seconds(content: bytes) -> float:
    begun = time.process_time()
    read(content)
    return time.process_time() - begun
