"""``nnviz site``: its options and errors; tests/site has what it writes."""

import pytest

from nnviz.site import build as building
from nnviz.site import pyodide


@pytest.fixture
def sources(monkeypatch):
    """The places from which Pyodide was wanted; the site is one file."""
    wanted = []

    def site(source):
        wanted.append(source)
        return {"index.html": b"page"}

    monkeypatch.setattr(building, "site", site)
    return wanted


def test_it_writes_the_site_with_pyodide_from_the_given_place(nnviz, folder, sources):
    for option in ([], ["--pyodide", "there"]):
        answer = nnviz("site", "-o", f"public{len(sources)}", *option)
        assert answer.code == 0
        assert "wrote the site to public" in answer.err
    assert sources == [pyodide.OFFICIAL, "there"]
    assert (folder / "public1" / "index.html").read_text() == "page"


def test_a_folder_without_pyodide_is_an_error_in_one_sentence(nnviz, folder):
    answer = nnviz("site", "-o", "public", "--pyodide", str(folder))
    assert answer.code == 1
    assert answer.err.startswith("nnviz: error: --pyodide must have pyodide.mjs of Pyodide 0.27.7;")
    assert list(folder.iterdir()) == []


def test_a_folder_with_other_files_is_an_error_in_one_sentence(nnviz, folder, sources):
    (folder / "thesis.tex").write_text("mine")
    answer = nnviz("site", "-o", str(folder))
    assert answer.code == 1
    assert "-o must be a new or empty folder, or one with a site" in answer.err
