"""The stage's files, and the modules needed for the first picture."""

from nnviz.stage.files import ENTRY, FOLDER, first_modules, styles, with_imports


def test_only_static_imports_are_listed(tmp_path):
    (tmp_path / "host").mkdir()
    (tmp_path / "host" / "main.js").write_text(
        'import { a } from "../a.js";\nimport "./b.js";\nawait import("../later.js");'
    )
    (tmp_path / "a.js").write_text('import "./host/c.js";\nimport d from "./gone.js";')
    for name in ("host/b", "host/c", "later", "other"):
        (tmp_path / f"{name}.js").write_text("")
    assert with_imports(tmp_path, ["host/main.js"]) == [
        "a.js", "host/b.js", "host/c.js", "host/main.js"
    ]  # fmt: skip


def test_the_first_picture_does_not_wait_for_charts():
    ours = first_modules()
    assert {ENTRY, "run/run.js", "plane/sketch.js"} <= set(ours)
    assert not {"diagram/diagram.js", "charts/curves.js", "plane/boundary-chart.js"} & set(ours)


def test_every_style_sheet_is_used():
    assert all(path.read_text("utf-8") in styles() for path in FOLDER.rglob("*.css"))
