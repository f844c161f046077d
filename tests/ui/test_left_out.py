"""The page without the packages that the image (Containerfile) leaves out."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys

class Blocked:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in LEFT_OUT:
            raise ModuleNotFoundError(f"No module named {name!r}")

LEFT_OUT = set(sys.argv[1:])
sys.meta_path.insert(0, Blocked())
from streamlit.testing.v1 import AppTest
from nnviz.tables.upload import File
from nnviz.ui import server

app = AppTest.from_file(server.PAGE, default_timeout=120)
app.query_params.update(hidden="40,40")
app.session_state["open_parts"] = True
for panel in (None, "maths", "gallery", "sweep"):
    if panel:
        (choice,) = [e for e in app.main if getattr(e, "key", None) == "panel"]
        choice.set_value(panel)
    app.run()
    assert not app.exception, app.exception
    for key in [e.key for e in app.main if str(getattr(e, "key", "")).startswith("part_")]:
        app.session_state[key] = True
    app.run()
    assert not app.exception, app.exception
app.session_state["own_data_file"] = File("a.csv", b"x,y,kind\\n1,2,a\\n2,3,b\\n3,1,a\\n", 1)
app.run()
assert not app.exception, app.exception
assert any("Columns and first rows" in e.proto.body for e in app.get("html"))
"""


def test_the_page_needs_nothing_that_the_image_leaves_out():
    (removed,) = re.findall(r"rm -rf (/opt.*) \\\n", (ROOT / "Containerfile").read_text())
    packages = [name.rstrip("*") for name in removed.split() if "/" not in name]
    left_out = [name for name in packages if name != "tzdata"]  # data only
    assert left_out == ["pyarrow", "altair", "pydeck"]
    subprocess.run([sys.executable, "-c", PROGRAM, *left_out], check=True, timeout=300, cwd=ROOT)
