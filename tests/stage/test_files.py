"""The stage's files as a browser gets them, and their address."""

import json
import re

import pytest
from plotly.offline import get_plotlyjs

from nnviz.stage import files
from nnviz.stage.files import ENTRY, FOLDER, SITE_ENTRY, address, later_entries, served, styles
from nnviz.stage.tables import tables

TABLES = json.loads(json.dumps(tables()))


@pytest.fixture
def fresh():
    """Nothing remembered of other files, before and after."""
    for function in (served, address):
        function.cache_clear()
    yield
    for function in (served, address):
        function.cache_clear()


def test_a_browser_may_request_a_dozen_files():
    later = ["charts/parallel-axes.js", "export/dialog.js", "export/experiment.js", "panels.js"]
    assert later_entries() == later
    scripts = [ENTRY, *later_entries()]
    maps = [f"{name}.map" for name in scripts]
    assert sorted(served()) == sorted([*scripts, *maps, "export/dialog.html", "plotly.js"])


def test_the_first_picture_does_not_wait_for_charts():
    first = served()[ENTRY].decode()
    assert '$modules["plane/sketch.js"]' in first
    for later in ("diagram/diagram.js", "charts/curves.js", "plane/boundary-chart.js"):
        assert f'$modules["{later}"] ??=' not in first
        assert f'$modules["{later}"] ??=' in served()["panels.js"].decode()


def test_markup_styles_and_tables_come_with_the_first_script():
    (given,) = re.findall(r"^export const given = (.*);$", served()[ENTRY].decode(), re.MULTILINE)
    given = json.loads(given)
    assert given == {
        "markup": files.markup(), "styles": styles(), "dialStyles": files.dial_styles(),
        "dataStyles": files.data_styles(),
        "tables": TABLES,
    }  # fmt: skip
    assert 'data-testid="nnviz-stage"' in given["markup"]


def test_every_script_names_its_source_map():
    for name in (ENTRY, *later_entries()):
        last = served()[name].decode().rstrip("\n").split("\n")[-1]
        assert last == f"//# sourceMappingURL={name.split('/')[-1]}.map"
        assert json.loads(served()[f"{name}.map"])["version"] == 3


def test_plotly_comes_from_the_installed_package():
    assert served()["plotly.js"].decode() == get_plotlyjs()


def test_the_address_holds_a_hash_of_all_files(fresh, monkeypatch):
    before = address()
    assert re.fullmatch(r"stage/[0-9a-f]{20}", before)
    assert address() == before
    for name in served():
        changed = {**served(), name: served()[name] + b" "}
        address.cache_clear()
        with monkeypatch.context() as patch:
            patch.setattr(files, "served", lambda changed=changed: changed)
            assert address() != before
    address.cache_clear()
    assert address() == before


def test_a_page_of_static_files_has_a_first_script_of_its_own():
    site = served(SITE_ENTRY)
    assert site.keys() ^ served().keys() == {
        ENTRY, f"{ENTRY}.map", SITE_ENTRY, f"{SITE_ENTRY}.map"
    }  # fmt: skip
    assert '$modules["host/early-socket.js"]' not in site[SITE_ENTRY].decode()
    assert '$modules["transport/engine.js"]' not in served()[ENTRY].decode()


def test_every_style_sheet_is_used():
    used = styles() + files.dial_styles() + files.data_styles()
    assert all(path.read_text("utf-8") in used for path in FOLDER.rglob("*.css"))


def test_every_module_is_served_or_not_used():
    contents = [*served().values(), *served(SITE_ENTRY).values()]
    joined = "".join(content.decode() for content in contents)
    for path in FOLDER.rglob("*.js"):
        assert f'$modules["{path.relative_to(FOLDER).as_posix()}"] ??=' in joined
