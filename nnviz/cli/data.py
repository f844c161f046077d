"""``nnviz data``: list all choices in the recipe's tables."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap
from collections.abc import Mapping
from typing import Any

from ..choices.datasets import Source
from ..recipe.recipe import FIELDS
from .options import entry_description
from .parser import Parser, flag

EXAMPLES = """
    nnviz data
    nnviz data --json | jq -r '.data[].name'
"""

TABLES: Mapping[str, Mapping[str, Any]] = {
    name: kind.table for name, kind in FIELDS.items() if hasattr(kind, "table")
}


def add(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="Print one JSON object.")


def run(args: argparse.Namespace) -> None:
    if args.json:
        tables = {name: [_to_dict(e) for e in table.values()] for name, table in TABLES.items()}
        print(json.dumps(tables, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(_list(name, table) for name, table in TABLES.items()))


def _to_dict(entry: Any) -> dict[str, Any]:
    values = {"name": entry.name, "label": entry.label, "purpose": entry_description(entry)}
    if isinstance(entry, Source):
        low, high = entry.n_classes
        values |= {"classes": list(range(low, high + 1)), "features": list(entry.features)}
    return values


def _list(name: str, table: Mapping[str, Any]) -> str:
    widest = max(map(len, table))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000
    lines = [f"{FIELDS[name].label} ({flag(name)}), default {_default(name)}"]
    for key, entry in table.items():
        line = f"  {key:{widest}}  {entry_description(entry)}"
        lines += textwrap.wrap(line, max(width, 40), subsequent_indent=" " * (widest + 4))
    return "\n".join(lines)


def _default(name: str) -> str:
    return FIELDS[name].write(FIELDS[name].default)
