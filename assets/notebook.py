"""Run ``example.py`` cell by cell and keep it with its pictures as ``example.ipynb``.

``python assets/notebook.py``. A cell begins with ``# %%``; what its last line gives, if it is a
figure, is its picture. They are PNGs, because that is what a notebook shows where none of its
JavaScript runs.
"""

from __future__ import annotations

import ast
import base64
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image

from nnviz.export.atomic import write
from nnviz.export.render import render

SCRIPT = Path(__file__).with_name("example.py")
COLOURS = 160  # of a picture, which makes it a third as large
SCALE = 1.5  # pixels of a picture for one of the figure


def cells(script: str) -> list[tuple[str, str]]:
    """Kind, ``code`` or ``markdown``, and text of each cell."""
    found = []
    for part in script.split("# %%")[1:]:
        head, _, text = part.partition("\n")
        if "[markdown]" in head:
            lines = [line.removeprefix("#").removeprefix(" ") for line in text.strip().split("\n")]
            found.append(("markdown", "\n".join(lines)))
        else:
            found.append(("code", text.strip()))
    return found


def run(code: str, names: dict[str, Any]) -> Any:
    """Run a cell; what its last line gives, if that is an expression."""
    tree = ast.parse(code)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "cell", "exec"), names)
        return None
    exec(compile(ast.Module(tree.body[:-1], []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def notebook(script: str) -> dict[str, Any]:
    """The notebook, version 4.5, as its JSON says."""
    names: dict[str, Any] = {}
    made = []
    for number, (kind, text) in enumerate(cells(script), start=1):
        cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
        cell["source"] = text.splitlines(keepends=True)
        if kind == "code":
            cell |= {"execution_count": None, "outputs": _outputs(run(text, names))}
        made.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _outputs(figure: Any) -> list[dict[str, Any]]:
    if figure is None:
        return []
    picture = Image.open(io.BytesIO(render(figure, "png", SCALE))).convert("RGB")
    file = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    data = base64.b64encode(file.getvalue()).decode()
    size = {"width": figure.layout.width, "height": figure.layout.height}
    return [
        {"output_type": "display_data", "data": {"image/png": data},
         "metadata": {"image/png": size}}
    ]  # fmt: skip


if __name__ == "__main__":
    made = json.dumps(notebook(SCRIPT.read_text()), indent=1, ensure_ascii=False)
    write(SCRIPT.with_suffix(".ipynb"), f"{made}\n".encode())
