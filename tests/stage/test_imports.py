"""Which modules import which others."""

import pytest

from nnviz.stage.imports import dynamic_imports, relative, with_imports, with_moved_imports


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "host").mkdir()
    (tmp_path / "host" / "main.js").write_text(
        'import { a } from "../a.js";\nimport "./b.js";\nawait import("../later.js");\n'
        '/** @type {import("../type.js").Type} */'
    )
    (tmp_path / "a.js").write_text('import "./host/c.js";\nimport d from "./gone.js";')
    for name in ("host/b", "host/c", "later", "other", "type"):
        (tmp_path / f"{name}.js").write_text("")
    return tmp_path


def test_static_imports_come_before_the_modules_that_import_them(folder):
    assert with_imports(folder, ["host/main.js"]) == [
        "host/c.js", "a.js", "host/b.js", "host/main.js"
    ]  # fmt: skip


def test_modules_may_import_each_other(tmp_path):
    (tmp_path / "a.js").write_text('import{x as y}from"./b.js";')
    (tmp_path / "b.js").write_text('import"./a.js";import"./c.js";')
    (tmp_path / "c.js").write_text("")
    assert sorted(with_imports(tmp_path, ["a.js"])) == ["a.js", "b.js", "c.js"]


def test_dynamic_imports_are_those_in_code_not_in_comments(folder):
    assert dynamic_imports(folder, ["host/main.js", "a.js"]) == ["later.js"]


def test_paths_of_dynamic_imports_are_those_from_another_module():
    text = 'import("./b.js"); /* import("./b.js") */'
    moved = with_moved_imports(text, "export/a.js", to="host/main.js")
    assert moved == 'import("../export/b.js"); /* import("./b.js") */'


def test_a_relative_path_leads_from_module_to_module():
    assert relative("host/main.js", "panels.js") == "../panels.js"
    assert relative("panels.js", "host/main.js") == "./host/main.js"
