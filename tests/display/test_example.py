"""The example in ``assets``: its script runs, and its notebook holds the script and pictures."""

import base64
import io
import json
import runpy
from pathlib import Path

import pytest
from PIL import Image

ASSETS = Path(__file__).parents[2] / "assets"
SCRIPT, NOTEBOOK = ASSETS / "example.py", ASSETS / "example.ipynb"


@pytest.fixture(scope="module")
def cells():
    return json.loads(NOTEBOOK.read_text())["cells"]


def test_the_script_runs():
    names = runpy.run_path(str(SCRIPT))
    assert names["network"].score(names["X"], names["y"]) > 0.95
    assert names["boundary"].figure_.layout.paper_bgcolor == "#171614"


def test_the_notebook_is_made_of_the_script(cells):
    lines = [line for cell in cells for line in "".join(cell["source"]).split("\n") if line]
    script = [line for line in SCRIPT.read_text().split("\n") if line and "# %%" not in line]
    script = [line for line in script if line != "#"]
    prose = {line for cell in cells if cell["cell_type"] == "markdown"
             for line in "".join(cell["source"]).split("\n")}  # fmt: skip
    assert script == [f"# {line}" if line in prose else line for line in lines]


def test_the_notebook_holds_small_pictures_and_nothing_of_the_machine(cells):
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert len(outputs) == 5
    for output in outputs:
        size = output["metadata"]["image/png"]
        picture = Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"])))
        assert picture.width == pytest.approx(1.5 * size["width"], abs=1)
        assert picture.height == pytest.approx(1.5 * size["height"], abs=1)
        assert not picture.info.keys() - {"dpi", "transparency"}
    assert NOTEBOOK.stat().st_size < 600_000
    sources = json.dumps([cell["source"] for cell in cells])
    for place in (ASSETS.parent, Path.home(), "file:"):
        assert str(place) not in sources
